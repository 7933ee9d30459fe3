//! Companies that frauds like to be.

use super::Risk;
use crate::domain;
use std::sync::LazyLock;

/// Each with the domains that are theirs.
const BRANDS: &[(&str, &[&str])] = &[
    ("dhl", &["dhl.com", "dhl.de"]),
    ("fedex", &["fedex.com"]),
    ("ups", &["ups.com"]),
    ("tnt", &["tnt.com"]),
    ("walmart", &["walmart.com", "wal-mart.com"]),
    ("costco", &["costco.com"]),
    ("carrefour", &["carrefour.com", "carrefour.fr"]),
    ("homedepot", &["homedepot.com"]),
    ("amazon", &["amazon.com", "amazon.co.uk", "amazon.de", "amazonses.com"]),
    ("microsoft", &["microsoft.com", "microsoftonline.com", "office.com", "outlook.com"]),
    ("office365", &["office.com", "microsoft.com"]),
    ("sharepoint", &["sharepoint.com", "microsoft.com"]),
    ("onedrive", &["onedrive.com", "live.com"]),
    ("alibaba", &["alibaba.com", "alibaba-inc.com"]),
    ("paypal", &["paypal.com"]),
    ("wise", &["wise.com"]),
    ("payoneer", &["payoneer.com"]),
    ("maersk", &["maersk.com"]),
    ("msc", &["msc.com"]),
    ("docusign", &["docusign.com", "docusign.net"]),
    ("dropbox", &["dropbox.com", "dropboxmail.com"]),
    ("wetransfer", &["wetransfer.com"]),
    ("linkedin", &["linkedin.com"]),
    ("apple", &["apple.com", "icloud.com"]),
];

/// As letters look, so that `m1crosoft` is found, too.
static SKELETONS: LazyLock<Vec<String>> =
    LazyLock::new(|| BRANDS.iter().map(|(brand, _)| domain::skeleton(brand)).collect());

/// The domain carries a brand's name as a word of its own and is not the brand's.
pub(super) fn impersonated(written: &str) -> Option<Risk> {
    let readable = domain::readable(written);
    let registrable = domain::registrable(&readable);
    let name = registrable.split('.').next()?;
    let parts: Vec<String> = name.split('-').map(domain::skeleton).collect();
    let index = SKELETONS.iter().position(|skeleton| parts.contains(skeleton))?;
    let (brand, own) = BRANDS[index];
    // Somebody else may bear the name alone under another top level; short ones are borne by many.
    let alone = parts.len() == 1 && name == brand;
    let short = brand.len() <= 3 && parts.len() == 1;
    (!own.contains(&registrable) && !alone && !short).then(|| Risk::ImpersonatedBrand {
        written: written.to_owned(),
        brand,
        own: own[0],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_courier_on_a_strange_domain_is_no_courier() {
        for written in
            ["dhl-parcel.example", "secure-rnicrosoft.example", "m1crosoft.example", "paypa1-service.example"]
        {
            assert!(impersonated(written).is_some(), "{written}");
        }
        for written in
            ["dhl.com", "mail.dhl.com", "applegarden.example", "wise.example", "ups.example", "kestrel.example"]
        {
            assert!(impersonated(written).is_none(), "{written}");
        }
    }
}
