//! The other accounts of somebody who loses one: what a removal leaves is looked up and said, never warned of in general.

use std::time::Duration;

use crate::access::across::person::Asked;
use crate::access::across::surface::{Depth, Reach, Sight};
use crate::access::reads::journey::Journey;
use crate::access::reads::scan::Feed;
use crate::access::{Access, Ask, Refusal, words};
use crate::roster::{DirectoryUserId, Email, Record, System};

/// The greatest age of the search for a plan.
const FRESH: Duration = Duration::from_secs(60);

/// Its greatest age in the call that confirms the plan, which uses the search of the plan and makes no second one.
const CONFIRMED: Duration = Duration::from_secs(600);

/// Pages that are looked at for this at most. Each costs two requests for each address, of the sixty that the removal needs too.
const MOST_PAGES: usize = 10;

/// The time that a removal waits for it.
const PATIENCE: Duration = Duration::from_secs(15);

/// Accounts that are named at most.
const MOST_NAMED: usize = 20;

impl Access {
    /// The accounts of the same person that stay when `gone` is removed, in one sentence for a plan.
    pub(in crate::access) async fn others_of(&self, ask: &Ask, gone: &Record) -> String {
        let emails: Vec<Email> = gone.address().cloned().into_iter().collect();
        let directory_user_id = match gone.system {
            System::AtlassianScim => DirectoryUserId::parse(gone.id.as_str()).ok(),
            System::Statuspage | System::Statusapp => None,
        };
        if emails.is_empty() && directory_user_id.is_none() {
            return "other accounts of this person could not be looked for, because this one has no address".to_owned();
        }
        let asked = Asked {
            emails,
            directory_user_id,
        };
        match self.search_others(ask, &asked).await {
            Ok(rows) => in_words(gone, &rows),
            Err(error) => format!(
                "other accounts of this person could not be looked for ({}): ask `find_person`",
                error.without_ending()
            ),
        }
    }

    async fn search_others(&self, ask: &Ask, asked: &Asked) -> Result<Vec<Sight>, Refusal> {
        let max_age = if ask.confirmed { CONFIRMED } else { FRESH };
        let reach = Reach {
            pages: None,
            most_pages: Some(MOST_PAGES),
            max_age,
            depth: Depth::Names,
            spellings: Vec::new(),
        };
        let feed = || -> Box<dyn Feed<Sight>> {
            Box::new(Journey::new(
                *self.clock(),
                self.surfaces(std::slice::from_ref(asked), &reach),
            ))
        };
        let key = format!("others/{}", asked.key());
        let what = "the other accounts of this person";
        let scan = self.sights.at_hand(self, &key, what, max_age, feed);
        let ask = Ask {
            deadline: ask
                .deadline
                .min(self.clock().monotonic().saturating_add(PATIENCE)),
            ..ask.clone()
        };
        let reached = scan.drive(self, &ask, usize::MAX).await?;
        if !reached.ended {
            return Err(Refusal::Preflight(
                "the search takes longer than this call waits for it.".to_owned(),
            ));
        }
        Ok(scan.with_rows(0, |rows, _| rows.to_vec()).await)
    }
}

fn in_words(gone: &Record, rows: &[Sight]) -> String {
    let is_gone = |record: &Record| record.system == gone.system && record.id == gone.id;
    let mut stay: Vec<String> = rows
        .iter()
        .filter_map(Sight::account)
        .filter(|account| !is_gone(&account.record))
        .map(|account| words::account(&account.record, account.page_name.as_deref()))
        .collect();
    let unread: Vec<String> = rows.iter().filter_map(unread).collect();
    let more = stay.len().saturating_sub(MOST_NAMED);
    stay.truncate(MOST_NAMED);
    let mut sentence = match (stay.len(), unread.is_empty()) {
        (0, true) => {
            "no other account of this person is in any system that is configured here".to_owned()
        }
        (0, false) => "no other account of this person was found in what could be read".to_owned(),
        (1, _) => format!("1 other account of this person stays: {}", stay.join("; ")),
        (named, _) => format!(
            "{} other accounts of this person stay: {}",
            named + more,
            stay.join("; ")
        ),
    };
    if more > 0 {
        sentence.push_str(&format!("; and {more} more, which `find_person` shows"));
    }
    if !unread.is_empty() {
        sentence.push_str(&format!(". Not looked at: {}", unread.join("; ")));
    }
    if !stay.is_empty() {
        sentence.push_str(". `offboard_person` plans the removal of all of them");
    }
    sentence
}

fn unread(sight: &Sight) -> Option<String> {
    match sight {
        Sight::Looked(told) => Some(format!("{} ({})", told.what, told.why.as_ref()?)),
        _ => None,
    }
}
