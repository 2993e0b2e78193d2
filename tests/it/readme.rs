//! README.md agrees with the program.

use status_roster::policy::Toolset;
use status_roster::toolkit::Limits;
use status_roster::tools;

const END: &str = "<!-- /tools -->";

#[test]
fn the_table_of_tools_is_the_catalogue() {
    for toolset in Toolset::ALL {
        table(toolset);
    }
}

fn table(toolset: Toolset) {
    let begin = match toolset {
        Toolset::Access => "<!-- tools: UPDATE_README=1 cargo test --test it readme -->",
        Toolset::Operations => "<!-- operations: UPDATE_README=1 cargo test --test it readme -->",
    };
    let readme = std::fs::read_to_string("README.md").unwrap();
    let (before, rest) = readme.split_once(begin).unwrap();
    let (table, after) = rest.split_once(END).unwrap();
    let wanted = format!(
        "\n{}\n",
        tools::catalogue(Limits::default()).markdown(toolset)
    );
    #[expect(
        clippy::disallowed_methods,
        reason = "the switch of this test is not the product's configuration"
    )]
    let update = std::env::var("UPDATE_README").is_ok();
    if update && table != wanted {
        std::fs::write("README.md", format!("{before}{begin}{wanted}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(
        table, wanted,
        "the table in README.md is stale: run `UPDATE_README=1 cargo test --test it readme`"
    );
}

#[test]
fn every_file_that_it_points_to_exists() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    for link in readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        let path = link.split('#').next().unwrap();
        if !path.is_empty() && !path.contains("://") {
            assert!(
                std::path::Path::new(path).exists(),
                "README.md points to `{path}`, which is not there"
            );
        }
    }
}
