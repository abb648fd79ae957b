use crate::diagnosis::Reason;

use super::{
    AddressSpace, Fetch, Hop, Question,
    state::{Failure, State, Then},
};

impl Fetch {
    /// Judges a connection by how near its far end is. Only pages of the Internet are held back,
    /// and what decides is a permission: no header of the server's opens this door.
    ///
    /// Source: <https://wicg.github.io/local-network-access/#local-network-access-check>
    pub(super) fn local_network_access_check(
        &self,
        hop: Box<Hop>,
        address_space: AddressSpace,
    ) -> Result<State, Failure> {
        let environment = &self.params.environment;
        let reaches_in = environment.address_space == AddressSpace::Public
            && address_space != AddressSpace::Public;
        if !self.params.profile.local_network_access || !reaches_in {
            return Ok(State::Sending(hop));
        }
        let failed = |reason| Err((hop.kind.phase(), reason, Vec::new()));
        if !environment.is_secure_context {
            // A page that came over an insecure connection can't be asked about.
            return failed(Reason::LocalNetworkInsecure);
        }
        if !environment.questions.local_network {
            return failed(Reason::LocalNetworkDenied);
        }
        let url = hop.url.clone();
        let question = Question::LocalNetwork { url, address_space };
        Ok(State::Asking(question, Then::LocalNetwork(hop)))
    }
}
