//! What becomes of a service's errors.

use http::Response;

/// What a layer does with an error of the service: [`PassOn`] or [`IntoResponse`].
pub trait OnError<E, B>: sealed::Sealed {
    /// Makes it a response, or lets it pass.
    ///
    /// # Errors
    /// The error, if it is to pass.
    fn on_error(&self, error: E) -> Result<Response<B>, E>;
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
    fn on_error(&self, error: E) -> Result<Response<B>, E> {
        Err(error)
    }
}

impl<E, B, F: Fn(E) -> Response<B>> OnError<E, B> for IntoResponse<F> {
    fn on_error(&self, error: E) -> Result<Response<B>, E> {
        Ok((self.0)(error))
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::PassOn {}
    impl<F> Sealed for super::IntoResponse<F> {}
}
