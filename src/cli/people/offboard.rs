//! `offboard`: one plan a person, each shown and confirmed by itself.

use serde_json::json;

use super::addresses::addresses;
use super::{object, with};
use crate::cli::args::{Common, Offboard};
use crate::cli::arguments::file_text;
use crate::cli::end::{End, Fail};
use crate::cli::{call, output};

pub(in crate::cli) async fn run(common: &Common, offboard: Offboard) -> Result<End, Fail> {
    let who = match &offboard.from {
        Some(file) => addresses(&file_text(file)?, &file.display().to_string())?,
        None => offboard.who,
    };
    if offboard.token.is_some() && who.len() > 1 {
        return Err(Fail::usage(format!(
            "a token belongs to the plan of one person, and {} are named; type `status-roster offboard WHO --token TOKEN` for each",
            who.len()
        )));
    }
    let several = who.len() > 1;
    with(common, offboard.token.is_some(), async |session| {
        let mut end = End::Done;
        for (index, email) in who.iter().enumerate() {
            if several && session.screen.width.is_some() {
                output::line(&format!(
                    "{}{} of {}: {email}",
                    if index > 0 { "\n" } else { "" },
                    index + 1,
                    who.len()
                ));
            }
            let arguments = object(json!({
                "email": email,
                "keep": offboard.keep,
                "confirmation_token": offboard.token,
            }));
            let one = call::tool(&session, "offboard_person", arguments, false).await;
            if !several {
                return (session, one);
            }
            end = end.and(super::ended(one));
            if session.stopped() {
                let rest: Vec<&str> = who.iter().skip(index + 1).map(String::as_str).collect();
                if !rest.is_empty() {
                    output::aside(&format!(
                        "status-roster: not begun: {}. The same command goes on with them.",
                        rest.join(", ")
                    ));
                    end = end.and(End::Incomplete);
                }
                break;
            }
        }
        (session, Ok(end))
    })
    .await
}
