use crate::diagnosis::Reason;

use super::{AddressSpace, FetchParams};

/// What reaching into a nearer network needs.
pub(super) enum Access {
    /// Nothing: it is not nearer, or the engine does not care.
    Free,
    /// The user's permission.
    NeedsPermission,
}

/// Judges a connection by how near its far end is. Only pages of the Internet are held back, and
/// what decides is a permission: no header of the server's opens this door.
///
/// # Errors
/// [`Reason::LocalNetworkInsecure`]: a page that came over an insecure connection can't be asked
/// about.
///
/// Source: <https://wicg.github.io/local-network-access/#local-network-access-check>
pub(super) fn local_network_access_check(
    params: &FetchParams,
    connection: AddressSpace,
) -> Result<Access, Reason> {
    let environment = &params.environment;
    let reaches_in =
        environment.address_space == AddressSpace::Public && connection != AddressSpace::Public;
    if !params.profile.local_network_access || !reaches_in {
        return Ok(Access::Free);
    }
    match environment.is_secure_context {
        true => Ok(Access::NeedsPermission),
        false => Err(Reason::LocalNetworkInsecure),
    }
}
