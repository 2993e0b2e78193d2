//! Everyday jobs in administrators' words, each with the fewest calls that a sensible agent needs who has read nothing but the tools'
//! descriptions and answers: calls, requests and bytes are counted and held, for each job and over all of them.

mod asking;
mod changing;
mod job;
mod mending;
mod reading;
mod state;

use std::thread;

use futures::future::LocalBoxFuture;
use tokio::runtime::Builder;
use tokio::task::LocalSet;

use self::job::Took;

/// A job, under the name by which a failure is found.
type Job = (&'static str, fn() -> LocalBoxFuture<'static, Took>);

macro_rules! jobs {
    ($($module:ident { $($job:ident),+ $(,)? })+) => {
        [$($((
            concat!(stringify!($module), "::", stringify!($job)),
            (|| Box::pin($module::$job())) as fn() -> LocalBoxFuture<'static, Took>,
        )),+),+]
    };
}

#[rustfmt::skip]
fn jobs() -> Vec<Job> {
    jobs! {
        reading {
            what_access_does_jane_have, can_jane_look_at_the_page, who_sees_a_component, how_many_see_a_component,
            who_sees_nothing, how_many_viewers_come_from_a_domain, where_do_viewers_come_from,
            how_many_viewers_has_each_group, how_many_subscribers_by_type, how_many_subscribers_are_quarantined,
            how_large_is_the_team, who_is_in_the_team_by_role, how_many_accounts_are_switched_off, who_has_this_phone,
            what_are_the_subscribers_told_of,
        }
        asking {
            what_can_the_person_of_this_name_reach, which_of_two_people_of_one_name, who_sees_a_component_by_its_name,
            which_directory_groups_is_a_person_in, which_roles_has_a_member, which_pages_are_there_and_who_can_look,
            how_many_are_in_a_group, what_does_a_group_give, what_does_a_viewer_see, which_invitations_are_open,
            is_a_person_subscribed, is_nothing_left_of_a_leaver, who_has_left_and_still_has_access,
            how_tidy_is_everything, whose_names_are_strange, everybody_of_a_domain_everywhere,
            a_customers_viewers_for_a_spreadsheet, who_in_statusapp_is_called_so,
            is_the_private_page_open_to_customers, which_components_has_the_public_page, does_the_server_work,
        }
        changing {
            remove_these_three_from_the_customers_page, give_these_ten_people_access_to_a_component_by_its_name,
            offboard_four_leavers, add_five_new_customers_to_a_group, move_lena_to_another_role,
            make_jane_an_incident_manager_of_the_public_page_alone, take_two_people_out_of_a_group,
            subscribe_an_address_and_say_that_it_waits, suspend_two_accounts_of_the_directory,
            put_jane_into_a_directory_group_by_its_name, give_one_person_a_component,
        }
        mending {
            delete_a_group_by_its_name, rename_a_group, give_a_group_a_component_by_name, give_a_customer_a_metric,
            jane_leaves_a_group, jane_leaves_the_internal_page, end_one_subscription, add_a_colleague_to_the_team,
            invite_somebody_to_statusapp, jane_has_married, lena_comes_back, a_new_hire_gets_an_account,
            jane_leaves_a_directory_group, make_the_viewers_equal_a_list, offboard_one_person,
        }
    }
    .into()
}

/// Does the jobs one after the other; `None`: it failed, and said why.
fn done(jobs: &[Job]) -> Vec<(&'static str, Option<Took>)> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let each = jobs.iter().map(|(name, job)| {
        let tasks = LocalSet::new();
        let took = tasks.block_on(&runtime, async { tokio::task::spawn_local(job()).await });
        (*name, took.ok())
    });
    each.collect()
}

/// The value that half of them, or nine of ten, do not exceed.
fn at(sorted: &[usize], of_ten: usize) -> usize {
    sorted[(sorted.len() * of_ten).div_ceil(10) - 1]
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the table is for whoever runs this test"
)]
fn every_job_takes_few_calls_and_short_answers() {
    let jobs = jobs();
    assert!(jobs.len() >= 40, "{} jobs", jobs.len());
    let half = jobs.len() / 2;
    let all = thread::scope(|scope| {
        let (first, second) = jobs.split_at(half);
        let second = scope.spawn(|| done(second));
        let mut all = done(first);
        all.extend(second.join().unwrap());
        all
    });
    println!("calls  bytes requests  job");
    for (name, took) in &all {
        match took {
            Some(it) => println!(
                "{:5} {:6} {:8}  {}",
                it.calls, it.bytes, it.requests, it.words
            ),
            None => println!("    -      -        -  {name} FAILED"),
        }
    }
    let failed: Vec<&str> = all
        .iter()
        .filter(|(_, it)| it.is_none())
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(failed, [""; 0], "jobs that were not done");
    let sorted = |value: fn(&Took) -> usize| {
        let mut values: Vec<usize> = all
            .iter()
            .filter_map(|(_, it)| it.as_ref().map(value))
            .collect();
        values.sort_unstable();
        values
    };
    let (calls, bytes) = (sorted(|it| it.calls), sorted(|it| it.bytes));
    println!(
        "calls: median {}, nine of ten {}; bytes: median {}",
        at(&calls, 5),
        at(&calls, 9),
        at(&bytes, 5)
    );
    assert!(at(&calls, 5) <= 3, "median of the calls");
    assert!(at(&calls, 9) <= 5, "calls of nine of ten");
    assert!(at(&calls, 10) <= 10, "calls of any");
    assert!(at(&bytes, 5) <= 2_500, "median of the bytes");
}
