//! Where it listens, by itself or as whoever started it left it.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use listenfd::ListenFd;
use socket2::{Domain, Protocol, Socket, Type};

use super::ServeArgs;

/// How many clients the system holds for us until we take them, if it may hold that many. The library's
/// own 128 are soon reached, and whoever comes then has to knock again a second later.
const BACKLOG: i32 = 4096;

/// What is listened on, in the order of the arguments.
pub(super) struct Listeners {
    pub(super) serving: Vec<TcpListener>,
    pub(super) admin: Option<TcpListener>,
}

impl Listeners {
    /// Takes the listeners that it was started with (LISTEN_FDS: by systemd, or by the binary that
    /// this one replaces), and binds what is missing.
    ///
    /// # Errors
    /// With the address that can't be had.
    pub(super) fn of(args: &ServeArgs) -> Result<Self, (SocketAddr, io::Error)> {
        let mut given = ListenFd::from_env();
        let mut number = 0;
        let mut listen = |address: SocketAddr| {
            let taken = given.take_tcp_listener(number);
            number += 1;
            let listener = match taken {
                Ok(Some(listener)) => Ok(listener),
                Ok(None) => bind(address),
                Err(error) => Err(error),
            };
            listener.map_err(|error| (address, error))
        };
        let serving = args.listen.iter().map(|&address| listen(address));
        Ok(Self {
            serving: serving.collect::<Result<_, _>>()?,
            admin: args.admin.map(listen).transpose()?,
        })
    }

    /// The same ones, for a binary that takes over.
    pub(super) fn try_clone(&self) -> io::Result<Vec<TcpListener>> {
        let all = self.serving.iter().chain(&self.admin);
        all.map(TcpListener::try_clone).collect()
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // Connections of a process before this one may still be ending. On Windows it means something else.
    #[cfg(not(windows))]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
