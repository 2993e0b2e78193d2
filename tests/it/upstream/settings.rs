//! What cannot become a client.

use std::time::Duration;

use status_roster::secret::Secret;
use status_roster::store::Store;
use status_roster::upstream::{Client, Credential};

use super::{CANARY, frozen, settings};

async fn refused(change: impl FnOnce(&mut status_roster::upstream::Settings)) -> String {
    let clock = frozen();
    let mut settings = settings("https://api.example.com/v1");
    change(&mut settings);
    Client::new(settings, &Store::memory(clock), clock)
        .unwrap_err()
        .to_string()
}

#[tokio::test]
async fn plain_http_goes_to_this_machine_alone() {
    let clock = frozen();
    for loopback in [
        "http://127.0.0.1:8080/v1",
        "http://[::1]:8080",
        "http://localhost/v1",
    ] {
        Client::new(settings(loopback), &Store::memory(clock), clock).unwrap();
    }
    for far in [
        "http://api.example.com/v1",
        "http://10.0.0.1",
        "http://localhost.example.com",
    ] {
        let refused = refused(|settings| settings.base_url = far.parse().unwrap()).await;
        assert!(refused.contains("must use https"), "{refused}");
    }
}

#[tokio::test]
async fn every_other_defect_is_named() {
    let with = |url: &'static str| {
        move |settings: &mut status_roster::upstream::Settings| {
            settings.base_url = url.parse().unwrap()
        }
    };
    assert_eq!(
        refused(with("mailto:a@b")).await,
        "the base address of `statuspage` has no host"
    );
    assert_eq!(
        refused(with("ftp://example.com")).await,
        "the base address of `statuspage` must begin with `https://`"
    );
    for more in [
        "https://u:p@example.com",
        "https://example.com/?api_key=1",
        "https://example.com/#a",
    ] {
        let refused = refused(with(more)).await;
        assert!(refused.contains("must be an address only"), "{refused}");
    }
    assert_eq!(
        refused(|settings| settings.credential = Credential::Bearer(Secret::new(" \n"))).await,
        "the key of `statuspage` is empty"
    );
    let broken =
        refused(|settings| settings.credential = Credential::ApiKey(Secret::new("a\nb"))).await;
    assert!(broken.contains("no header can carry"), "{broken}");
    assert!(
        refused(|settings| settings.limits.requests = 0)
            .await
            .contains("at least one request")
    );
    assert!(
        refused(|settings| settings.limits.window = Duration::ZERO)
            .await
            .contains("longer than zero")
    );
}

#[tokio::test]
async fn neither_settings_nor_client_print_the_key() {
    let clock = frozen();
    let settings = settings("https://api.example.com/v1");
    assert!(!format!("{settings:?}").contains(CANARY));
    let client = Client::new(settings, &Store::memory(clock), clock).unwrap();
    assert!(!format!("{client:?}").contains(CANARY));
    assert_eq!(client.fingerprint().len(), 12);
}
