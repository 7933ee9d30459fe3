//! Servers that do what real ones won't do on demand: refuse, lie, stall, hang up, ramble.

mod bodies;
mod comparing;
mod connections;
mod logins;

use crate::support::imap_peer::{Act, Asked, Peer, World};
use crate::support::mailbox::{Read, imap, open, read_inbox};

/// Reads the INBOX of a peer that follows the script.
async fn read_from(count: u32, script: impl FnMut(&Asked, &mut World) -> Act + Send + 'static) -> (Read, Peer) {
    let peer = Peer::start(count, script).await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let read = read_inbox(&mut mailbox).await;
    (read, peer)
}
