//! The store of tasks, in frozen time: whose a task is, how many there are, and when they end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use rmcp::model::{
    CallToolResponse, CallToolResult, ContentBlock, DetailedTask, ErrorData, TaskPayload,
    TaskStatus,
};
use status_roster::caller::Caller;
use status_roster::clock::Clock;
use status_roster::mcp::tasks::{Bounds, Task, Tasks};
use status_roster::memory::Memory;
use tokio_util::sync::CancellationToken;

const SECOND: Duration = Duration::from_secs(1);

fn clock() -> Clock {
    Clock::following("2026-01-01T00:00:00Z".parse().unwrap())
}

fn named(name: &str) -> Caller {
    Caller {
        name: name.to_owned(),
        ..Caller::local(None)
    }
}

fn says(words: &str) -> Result<CallToolResponse, ErrorData> {
    Ok(CallToolResult::success(vec![ContentBlock::text(words)]).into())
}

/// Work that takes so long, or ends when it is told to.
async fn work(clock: Clock, task: Arc<Task>, seconds: u64) -> Result<CallToolResponse, ErrorData> {
    tokio::select! {
        () = clock.sleep(SECOND * u32::try_from(seconds).unwrap()) => says("done"),
        () = task.stopping().cancelled() => Ok(CallToolResult::error(vec![ContentBlock::text("stopped. Nothing was changed.")]).into()),
    }
}

/// A task of `who` that works for so long.
async fn begun(tasks: &Tasks, clock: Clock, who: &str, seconds: u64) -> String {
    let task = tasks.place(&named(who), "under way").unwrap();
    let client = CancellationToken::new();
    let work = work(clock, task.clone(), seconds);
    match tasks.run(task, &client, work).await.unwrap() {
        CallToolResponse::Task(made) => made.task.task_id,
        other => unreachable!("{other:?}"),
    }
}

fn of(tasks: &Tasks, who: &str, id: &str) -> Option<DetailedTask> {
    tasks.get(&named(who), id).ok()
}

#[tokio::test(start_paused = true)]
async fn what_takes_less_than_a_second_is_answered_and_leaves_no_task() {
    let clock = clock();
    let tasks = Tasks::new(clock, Bounds::default(), Memory::new(usize::MAX));
    for _ in 0..100 {
        let task = tasks.place(&named("a"), "under way").unwrap();
        let client = CancellationToken::new();
        let soon = async move {
            clock.sleep(SECOND / 2).await;
            says("done")
        };
        let answer = tasks.run(task, &client, soon).await.unwrap();
        assert!(matches!(answer, CallToolResponse::Complete(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_is_its_callers_alone() {
    let clock = clock();
    let tasks = Tasks::new(clock, Bounds::default(), Memory::new(usize::MAX));
    let id = begun(&tasks, clock, "a", 60).await;
    let foreign = tasks.get(&named("b"), &id).unwrap_err();
    let unknown = tasks.get(&named("b"), &"0".repeat(32)).unwrap_err();
    let same = |words: &str, id: &str| words.replace(id, "ID");
    assert_eq!(
        same(&foreign.message, &id),
        same(&unknown.message, &"0".repeat(32)),
        "nothing tells another's task from none"
    );
    assert!(tasks.cancel(&named("b"), &id).is_err());
    assert!(tasks.update(&named("b"), &id, [].into()).is_err());
    clock.sleep(SECOND * 61).await;
    let ended = of(&tasks, "a", &id).unwrap();
    assert!(
        matches!(ended.payload, TaskPayload::Completed { .. }),
        "nobody stopped it: {ended:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_caller_has_so_many_tasks_and_the_one_that_ended_first_makes_room() {
    let clock = clock();
    let bounds = Bounds {
        each: 3,
        all: 5,
        ..Bounds::default()
    };
    let tasks = Tasks::new(clock, bounds, Memory::new(usize::MAX));
    let first = begun(&tasks, clock, "a", 10).await;
    let second = begun(&tasks, clock, "a", 20).await;
    let third = begun(&tasks, clock, "a", 100).await;
    assert!(tasks.place(&named("a"), "").is_none(), "none has ended");
    clock.sleep(SECOND * 30).await;
    let fourth = begun(&tasks, clock, "a", 100).await;
    assert!(of(&tasks, "a", &first).is_none(), "it made room");
    for kept in [&second, &third, &fourth] {
        assert!(of(&tasks, "a", kept).is_some());
    }
    begun(&tasks, clock, "b", 100).await;
    begun(&tasks, clock, "b", 100).await;
    assert!(
        tasks.place(&named("b"), "").is_none(),
        "all places are taken"
    );
    assert!(
        tasks.place(&named("c"), "").is_none(),
        "and nobody's end is taken from them by another"
    );
    assert!(of(&tasks, "a", &second).is_some());
}

#[tokio::test(start_paused = true)]
async fn an_end_is_kept_until_the_time_of_its_task_is_over() {
    let clock = clock();
    let tasks = Tasks::new(clock, Bounds::default(), Memory::new(usize::MAX));
    let id = begun(&tasks, clock, "a", 5).await;
    clock.sleep(SECOND * 3_590).await;
    assert_eq!(
        of(&tasks, "a", &id).unwrap().status(),
        TaskStatus::Completed
    );
    clock.sleep(SECOND * 10).await;
    assert!(of(&tasks, "a", &id).is_none());
}

#[tokio::test(start_paused = true)]
async fn work_that_goes_on_when_the_time_is_over_is_told_to_stop() {
    let clock = clock();
    let bounds = Bounds {
        ttl: SECOND * 20,
        ..Bounds::default()
    };
    let tasks = Tasks::new(clock, bounds, Memory::new(usize::MAX));
    let task = tasks.place(&named("a"), "under way").unwrap();
    let stopped = Arc::new(AtomicBool::new(false));
    let (told, stopping) = (stopped.clone(), task.stopping().clone());
    let endless = async move {
        stopping.cancelled().await;
        told.store(true, SeqCst);
        says("stopped")
    };
    let client = CancellationToken::new();
    tasks.run(task, &client, endless).await.unwrap();
    clock.sleep(SECOND * 18).await;
    assert!(!stopped.load(SeqCst));
    clock.sleep(SECOND * 2).await;
    assert!(stopped.load(SeqCst), "although nobody asked after it");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_gives_up_before_it_has_the_task_cancels_the_call() {
    let clock = clock();
    let tasks = Tasks::new(clock, Bounds::default(), Memory::new(usize::MAX));
    let task = tasks.place(&named("a"), "under way").unwrap();
    let client = CancellationToken::new();
    client.cancel();
    let work = work(clock, task.clone(), 60);
    let CallToolResponse::Complete(answer) = tasks.run(task, &client, work).await.unwrap() else {
        unreachable!("a task that nobody knows of");
    };
    assert_eq!(answer.is_error, Some(true));
}

#[tokio::test(start_paused = true)]
async fn work_that_falls_over_is_told_and_leaves_its_place() {
    let clock = clock();
    let bounds = Bounds {
        each: 1,
        ..Bounds::default()
    };
    let tasks = Tasks::new(clock, bounds, Memory::new(usize::MAX));
    let client = CancellationToken::new();
    let falls = |after: Duration| async move {
        clock.sleep(after).await;
        panic!("a defect")
    };
    let task = tasks.place(&named("a"), "").unwrap();
    let error = tasks.run(task, &client, falls(SECOND / 2)).await;
    assert!(error.unwrap_err().message.contains("by a defect"));
    let task = tasks.place(&named("a"), "").expect("the place is free");
    let CallToolResponse::Task(made) = tasks.run(task, &client, falls(SECOND * 2)).await.unwrap()
    else {
        unreachable!("not a task");
    };
    clock.sleep(SECOND * 3).await;
    let ended = of(&tasks, "a", &made.task.task_id).unwrap();
    let TaskPayload::Failed { error } = ended.payload else {
        unreachable!("{ended:?}");
    };
    assert_eq!(error["code"], -32_603);
}
