//! The schemas that clients read: flat, and every field explained.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;
use status_roster::roster::{
    Component, Delta, Evidence, Metric, Page, PageAccessGroup, PageGrant, Permissions, Record,
    Subscriber, ViewerScope,
};

fn schema<T: JsonSchema>() -> (String, Value) {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    (T::schema_name().into_owned(), schema.to_value())
}

fn every_property_is_described(name: &str, schema: &Value) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    for (field, property) in properties {
        assert!(
            property["description"].is_string(),
            "{name}.{field} has no description"
        );
        every_property_is_described(&format!("{name}.{field}"), property);
    }
}

#[test]
fn schemas_have_no_references_and_no_combinators() {
    let all = [
        schema::<Record>(),
        schema::<Subscriber>(),
        schema::<Page>(),
        schema::<Evidence>(),
        schema::<Permissions>(),
        schema::<PageGrant>(),
        schema::<Delta>(),
        schema::<PageAccessGroup>(),
        schema::<Component>(),
        schema::<Metric>(),
        schema::<ViewerScope>(),
    ];
    for (name, schema) in all {
        let text = schema.to_string();
        for word in ["$ref", "$defs", "oneOf", "anyOf", "allOf"] {
            assert!(!text.contains(word), "{name} has {word}: {text}");
        }
        every_property_is_described(&name, &schema);
    }
}
