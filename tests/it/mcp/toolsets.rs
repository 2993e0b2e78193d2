//! Prompts, resources and completions of a toolset that is off are not there; where it is on they are.

use rmcp::model::{
    ArgumentInfo, CompleteRequestParams, CompletionContext, GetPromptRequestParams,
    ReadResourceRequestParams, Reference,
};
use serde_json::json;
use status_roster::sandbox::known::{OPEN_INCIDENT, PUBLIC_PAGE};

use super::client::{Client, Era, call};
use crate::tools::world::{Make, World};

const PROMPTS: [&str; 3] = ["plan_maintenance", "post_incident", "retire_component"];

#[tokio::test]
async fn off_means_that_nothing_of_it_is_there() {
    let world = World::new().await;
    let client = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let prompts = client.list_all_prompts().await.unwrap();
    assert!(!prompts.iter().any(|it| PROMPTS.contains(&it.name.as_str())));
    for name in PROMPTS {
        let asked = client.get_prompt(GetPromptRequestParams::new(name)).await;
        assert!(asked.is_err(), "{name}");
    }
    let templates = client.list_all_resource_templates().await.unwrap();
    let of_it = |uri: &str| uri.contains("//incidents") || uri.contains("//components");
    assert!(!templates.iter().any(|it| of_it(&it.uri_template)));
    let resources = client.list_all_resources().await.unwrap();
    assert!(!resources.iter().any(|it| of_it(&it.uri)));
    let template = Reference::for_resource("roster://incidents/{page_id}/{incident_id}");
    let request = CompleteRequestParams::new(template, ArgumentInfo::new("incident_id", ""));
    let found = client.complete(request).await;
    assert!(found.is_err() || found.is_ok_and(|it| it.completion.values.is_empty()));
    for kind in ["incidents", "components"] {
        let uri = format!("roster://{kind}/{PUBLIC_PAGE}");
        let read = client
            .read_resource(ReadResourceRequestParams::new(uri))
            .await;
        assert!(read.is_err(), "{kind}");
    }
    assert_eq!(world.sandbox.report().requests, 0);
}

#[tokio::test]
async fn on_means_that_incidents_can_be_read_as_a_resource() {
    let make = Make {
        more: "[toolsets]\nenabled = [\"access\", \"operations\"]\n".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let client = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let prompts = client.list_all_prompts().await.unwrap();
    assert!(
        PROMPTS
            .iter()
            .all(|name| prompts.iter().any(|it| it.name == *name))
    );
    let uri = format!("roster://incidents/{PUBLIC_PAGE}");
    let read = client
        .read_resource(ReadResourceRequestParams::new(uri))
        .await
        .unwrap();
    assert!(format!("{read:?}").contains(OPEN_INCIDENT));
}

#[tokio::test]
async fn an_incident_is_completed_from_the_last_read_and_read_with_all_that_was_said() {
    let make = Make {
        more: "[toolsets]\nenabled = [\"access\", \"operations\"]\n".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let client = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    call(&client, "list_incidents", &json!({"page_id": PUBLIC_PAGE})).await;
    let before = world.sandbox.requests().len();
    let template = Reference::for_resource("roster://incidents/{page_id}/{incident_id}");
    let context =
        CompletionContext::with_arguments([("page_id".to_owned(), PUBLIC_PAGE.to_owned())].into());
    let request =
        CompleteRequestParams::new(template, ArgumentInfo::new("incident_id", "api errors"))
            .with_context(context);
    let found = client.complete(request).await.unwrap().completion.values;
    assert_eq!(found, [OPEN_INCIDENT]);
    assert_eq!(world.sandbox.requests().len(), before);
    let uri = format!("roster://incidents/{PUBLIC_PAGE}/{OPEN_INCIDENT}");
    let read = client
        .read_resource(ReadResourceRequestParams::new(uri))
        .await
        .unwrap();
    assert!(format!("{read:?}").contains("updateopen01"), "{read:?}");
}
