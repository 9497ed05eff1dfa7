use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{self, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::journal::{Journal, Kind, Trip};
use super::lane::Lane;
use crate::gitlab::loopback;
use crate::tls::PrivateCa;

/// A server on loopback, as it is seen from afar: `https://localhost:<port>`. Gone when dropped.
#[derive(Debug)]
pub struct Service {
    port: u16,
    behind: Arc<OnceLock<SocketAddr>>,
    _connections: JoinSet<()>,
}

/// What its connections have in common.
#[derive(Clone)]
struct Road {
    name: &'static str,
    round_trip: Duration,
    journal: Journal,
    acceptor: TlsAcceptor,
    behind: Arc<OnceLock<SocketAddr>>,
}

impl Service {
    /// Opens a port. It leads nowhere [until told](Self::lead_to), because a server may want to know its name first.
    pub(super) async fn open(
        name: &'static str,
        round_trip: Duration,
        authority: &PrivateCa,
        journal: &Journal,
    ) -> Self {
        let listener = loopback(0).await.expect("a port is free");
        let port = listener.local_addr().expect("the listener has an address").port();
        let mut settings = authority.server_config();
        // Nobody waits for a ticket, and in the journal it would look as if somebody did.
        settings.send_tls13_tickets = 0;
        let (behind, journal) = (Arc::default(), journal.clone());
        let acceptor = TlsAcceptor::from(Arc::new(settings));
        let road = Road { name, round_trip, journal, acceptor, behind: Arc::clone(&behind) };
        let mut connections = JoinSet::new();
        connections.spawn(road.serve(listener));
        Self { port, behind, _connections: connections }
    }

    /// Its address for clients.
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Says where the plain HTTP server is that answers.
    pub(super) fn lead_to(&self, address: SocketAddr) {
        self.behind.set(address).expect("it is told once");
    }
}

impl Road {
    async fn serve(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            // Who is measured must not wait for an acknowledgement that is late on purpose.
            drop(stream.set_nodelay(true));
            connections.spawn(self.clone().connect(stream));
            while connections.try_join_next().is_some() {}
        }
    }

    /// On loopback a connection is there at once. From afar, its first byte can leave one round trip later.
    async fn connect(self, client: TcpStream) {
        let (began, way) = (Instant::now(), self.round_trip / 2);
        let opens = began + self.round_trip;
        self.journal.add(Trip { service: self.name, kind: Kind::Connection, began, ended: opens });
        let waiting =
            Waiting { service: self.name, journal: self.journal, turn: Mutex::default(), answered: false.into() };
        let (from_client, to_client) = client.into_split();
        let (outside, inside) = io::duplex(64 * 1024);
        let (from_inside, to_inside) = io::split(outside);
        tokio::join!(
            Lane { way, opens }.carry(from_client, to_inside, |at| waiting.begins(at), |_| {}),
            Lane { way, opens: began }.carry(from_inside, to_client, |_| {}, |at| waiting.ends(at)),
            async {
                if let Some(address) = self.behind.get() {
                    let _ = pass_on(self.acceptor, inside, *address, &waiting.answered).await;
                }
            },
        );
    }
}

/// The TLS end of the service, and the plain connection behind it.
async fn pass_on(
    acceptor: TlsAcceptor,
    client: io::DuplexStream,
    behind: SocketAddr,
    answered: &AtomicBool,
) -> io::Result<()> {
    let (mut from_client, mut to_client) = io::split(acceptor.accept(client).await?);
    let server = TcpStream::connect(behind).await?;
    server.set_nodelay(true)?;
    let (mut from_server, mut to_server) = server.into_split();
    let there = async {
        io::copy(&mut from_client, &mut to_server).await?;
        to_server.shutdown().await
    };
    let back = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = from_server.read(&mut buffer).await?;
            if read == 0 {
                return to_client.shutdown().await;
            }
            answered.store(true, Ordering::Relaxed);
            to_client.write_all(buffer.get(..read).unwrap_or_default()).await?;
            to_client.flush().await?;
        }
    };
    tokio::try_join!(there, back).map(drop)
}

/// Whether the client of one connection waits, since when, and what for.
struct Waiting {
    service: &'static str,
    journal: Journal,
    turn: Mutex<Turn>,
    /// Before the first answer, all that comes back is of the handshake.
    answered: AtomicBool,
}

/// Whose turn it is to speak.
#[derive(Clone, Copy, Default)]
enum Turn {
    #[default]
    Nobody,
    Client(Instant),
    /// The place of the trip in the journal.
    Server(usize),
}

impl Waiting {
    fn begins(&self, at: Instant) {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*turn, Turn::Client(_)) {
            *turn = Turn::Client(at);
        }
    }

    fn ends(&self, ended: Instant) {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match *turn {
            Turn::Nobody => {}
            Turn::Client(began) => {
                let kind = if self.answered.load(Ordering::Relaxed) { Kind::Request } else { Kind::Handshake };
                *turn = Turn::Server(self.journal.add(Trip { service: self.service, kind, began, ended }));
            }
            Turn::Server(place) => self.journal.extend(place, ended),
        }
    }
}
