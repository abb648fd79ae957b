//! HTTP/1.1 as bytes: a request written, a response parsed, and no socket anywhere.
//!
//! The parser keeps what browsers keep: every line in its order, with its case, its duplicates, and
//! every byte of a value but NUL, CR and LF. Where engines disagree it takes the stricter side, so
//! that no grant is read out of bytes that one of them would refuse.

mod error;
mod field_lines;
mod framing;
mod limits;
mod request;
mod response;
mod status_line;

pub use error::WireError;
pub use field_lines::{FieldPlace, lines, parse_field_lines};
pub use limits::Limits;
pub use request::{request_lines, write_request};
pub use response::{ReceivedHead, ResponseParser};

use framing::Framing;
