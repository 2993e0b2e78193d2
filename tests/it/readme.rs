//! What the documentation says of the program is what the program says: README.md, and the pages that are generated from it.
//!
//! `UPDATE_README=1 cargo test --test it readme` writes what is generated.

mod pages;
mod picture;
mod requests;
pub(crate) mod screens;

/// Holds a generated file to what it should be, or writes it when the update was asked for.
fn holds(path: &str, wanted: &str) {
    #[expect(
        clippy::disallowed_methods,
        reason = "the switch of this test is not the product's configuration"
    )]
    let update = std::env::var("UPDATE_README").is_ok();
    if update {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    let present = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        present == wanted,
        "{path} is stale: run `UPDATE_README=1 cargo test --test it readme`, and read what changed"
    );
}

#[test]
fn every_file_that_readme_points_to_exists() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    for link in readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        let path = link.split('#').next().unwrap();
        if !path.is_empty() && !path.contains(':') {
            assert!(
                std::path::Path::new(path).exists(),
                "README.md points to `{path}`, which is not there"
            );
        }
    }
}
