//! Who we are, as far as understanding a mail needs it.

use super::relay::RelayBook;
use crate::domain;

/// Our domains, addresses and products, and those who write for our buyers.
#[derive(Clone, Debug, Default)]
pub struct House {
    /// The company's own domains, lower case: mail from them is internal.
    pub domains: Vec<String>,
    /// The company's own addresses outside its domains (a salesperson's private Gmail), lower case.
    pub addresses: Vec<String>,
    /// The company's catalogue words, as configured: matched before anything is guessed.
    pub products: Vec<String>,
    /// Domains that tell nothing about who writes, besides those of `domain/free_mail.txt`, lower case.
    pub shared_domains: Vec<String>,
    /// Domains and addresses, lower case, that may get buyers' mail from us: factories, forwarding agents.
    pub partners: Vec<String>,
    /// The names our mail servers sign Authentication-Results with (authserv-id, RFC 8601 section 2.5). Empty: the topmost
    /// field counts, whoever wrote it.
    pub authserv_ids: Vec<String>,
    /// Those who write for a buyer.
    pub relays: RelayBook,
}

impl House {
    /// Whether an address (lower case) is one of ours.
    pub fn is_ours(&self, email: &str) -> bool {
        self.addresses.iter().any(|own| own == email)
            || domain::of_address(email).is_some_and(|d| self.is_own_domain(d))
    }

    /// Whether an address (lower case) may get buyers' mail from us.
    pub fn is_partner(&self, email: &str) -> bool {
        let below = |partner: &String, domain: &str| {
            domain.strip_suffix(partner.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let domain = domain::of_address(email);
        self.partners.iter().any(|partner| partner == email || domain.is_some_and(|domain| below(partner, domain)))
    }

    /// The registrable domain of an address (lower case) that belongs to one company; None for a mail provider's, a
    /// portal's, and our own.
    pub fn company_domain<'e>(&self, email: &'e str) -> Option<&'e str> {
        let domain = domain::registrable(domain::of_address(email)?);
        let of_many = domain::is_free_mail(domain::of_address(email)?)
            || domain::is_free_mail(domain)
            || self.shared_domains.iter().any(|shared| shared == domain)
            || self.relays.is_relay(email)
            || self.is_ours(email);
        (!of_many).then_some(domain)
    }

    /// Whether a domain (lower case) is ours or below one of ours.
    pub fn is_own_domain(&self, domain: &str) -> bool {
        let below =
            |own: &String| domain.strip_suffix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        self.domains.iter().any(below)
    }
}
