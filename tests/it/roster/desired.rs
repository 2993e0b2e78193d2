//! A list of the people who are to be there: as spreadsheets and programs write it, and never taken for less than it is.

use proptest::prelude::*;
use status_roster::roster::{Desired, desired, sheet};

fn emails(list: &str) -> Vec<String> {
    let people = desired(list).unwrap();
    people
        .iter()
        .map(|person| person.email.to_string())
        .collect()
}

fn mistakes(list: &str) -> String {
    desired(list).unwrap_err().join("; ")
}

#[test]
fn what_spreadsheets_write_is_read() {
    let both = ["ada@example.com", "bob@example.com"];
    for list in [
        "email,group_ids\nada@example.com,g1 g2\nbob@example.com,\n",
        "\u{feff}email;group_ids\r\nada@example.com;\"g1;g2\"\r\nbob@example.com;\r\n",
        "Email\tGroup IDs\nada@example.com\tg1;g2\nbob@example.com\t\n",
        "sep=;\nemail;group_ids\nada@example.com;g1 g2\nbob@example.com;\n",
        "\u{feff}\"SEP=,\"\r\nemail,group_ids\r\nada@example.com,g1;g2\r\nbob@example.com,\r\n",
        "sep=,,\nemail,group_ids\nada@example.com,g1;g2\n,,\n\n , \nbob@example.com,,\n",
        "\u{feff} [{\"email\": \"ada@example.com\", \"group_ids\": [\"g1\", \"g2\"]}, {\"email\": \"bob@example.com\", \"group_ids\": null}]",
        "[{\"email\": \"ada@example.com\", \"group_ids\": \"[\\\"g1\\\",\\\"g2\\\"]\", \"external_login\": \"\"}, \"bob@example.com\"]",
    ] {
        assert_eq!(emails(list), both, "{list:?}");
        let groups = |person: &Desired| person.groups.as_ref().map(Vec::len);
        let groups: Vec<_> = desired(list).unwrap().iter().map(groups).collect();
        assert_eq!(groups, [Some(2), None], "{list:?}");
    }
}

#[test]
fn what_is_in_doubt_is_refused_with_its_line() {
    for (list, part) in [
        ("", "no row"),
        ("[]", "no row"),
        ("email\n", "no row"),
        ("sep=;\nemail;external_login\n;\n;;\n", "no row"),
        ("email,email\na@b.cc,c@d.ee\n", "names `email` twice"),
        ("email,Email\na@b.cc,c@d.ee\n", "names `email` twice"),
        ("emial,group_ids\na@b.cc,\n", "did you mean `email`"),
        ("email|group_ids\na@b.cc|\n", "commas, semicolons or tabs"),
        ("a@b.cc\nc@d.ee\n", "it names `email`"),
        ("external_login\nx\n", "header that names `email`"),
        (
            "email;group_ids\na@b.cc;g1;g2\n",
            "line 2: it has 3 cells and the header 2",
        ),
        (
            "email,external_login\n\"a@b.cc\",\"O'Neil\nc@d.ee,x\nf@g.hh,y\n",
            "line 2: a cell goes over several lines",
        ),
        (
            "[{\"email\": \"a@b.cc\", \"groups\": []}]",
            "row 1: there is no field `groups`",
        ),
        (
            "[7, {\"group_ids\": []}, \"a@b.cc\"]",
            "row 1: it is neither an address",
        ),
        (
            "[7, {\"group_ids\": []}, \"a@b.cc\"]",
            "row 2: it has no `email`",
        ),
    ] {
        let said = mistakes(list);
        assert!(said.contains(part), "{list:?}: {said}");
    }
    let said = mistakes("sep=;\nemail;group_ids\nnobody;\na@b.cc;\nno one;\na@b.cc;g1\nx;;;z\n");
    for part in [
        "line 7",
        "line 3",
        "line 5",
        "line 6: `a@b.cc` stands in line 4 already",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

proptest! {
    #[test]
    fn what_the_export_writes_is_read_back(
        logins in prop::collection::vec("[-=+@＝'\" ,;a-zä\t]{0,6}", 1..6),
        separated in prop::sample::select(vec!["", "sep=,\n"]),
    ) {
        let mut list = separated.to_owned() + &sheet::line(["email", "external_login"]);
        for (n, login) in logins.iter().enumerate() {
            list += &sheet::line([format!("+{n}@example.com").as_str(), login]);
        }
        let rows = sheet::read(&list, &["email", "external_login"]).unwrap().rows;
        for (n, (row, login)) in rows.iter().zip(&logins).enumerate() {
            let email = format!("+{n}@example.com");
            let login = Some(login.trim().to_owned()).filter(|login| !login.is_empty());
            prop_assert_eq!(&row.cells, &vec![Some(email), login]);
        }
        prop_assert_eq!(rows.len(), logins.len());
    }
}
