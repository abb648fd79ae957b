//! What becomes of a service's errors.

use std::mem;

use http::Response;

/// What a layer does with an error of the service: [`PassOn`] or [`IntoResponse`].
pub trait OnError<E, B>: sealed::Sealed {
    /// Makes a response of an error, or lets it pass. In place: a response is moved around enough.
    fn settle(&self, result: &mut Result<Response<B>, E>);
}

/// Errors pass untouched. Whoever makes a response of one outside of the layer makes one without
/// CORS headers.
#[derive(Clone, Copy, Debug, Default)]
pub struct PassOn;

/// A function makes a response of each error; it then is like any other.
///
/// See [`CorsLayer::map_err_into_response`](crate::CorsLayer::map_err_into_response).
#[derive(Clone, Copy, Debug)]
pub struct IntoResponse<F>(pub(crate) F);

impl<E, B> OnError<E, B> for PassOn {
    #[inline]
    fn settle(&self, _: &mut Result<Response<B>, E>) {}
}

impl<E, B: Default, F: Fn(E) -> Response<B>> OnError<E, B> for IntoResponse<F> {
    fn settle(&self, result: &mut Result<Response<B>, E>) {
        if result.is_ok() {
            return;
        }
        let taken = mem::replace(result, Ok(Response::new(B::default())));
        *result = taken.or_else(|error| Ok((self.0)(error)));
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::PassOn {}
    impl<F> Sealed for super::IntoResponse<F> {}
}
