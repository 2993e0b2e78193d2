//! The discovery endpoints: features, resource types, and schemas made from the attributes that are really read. Atlassian's own extension
//! is in the users and, as in its reference, not among the schemas.

use serde_json::{Value, json};

use super::{
    Cx, Outcome,
    attributes::{
        Attribute, ENTERPRISE, ENTERPRISE_PARTS, GROUP, GROUP_SCHEMA, Kind, USER, USER_SCHEMA,
        Writes,
    },
    error::not_found,
    listing::page,
};

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";
const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";

pub(super) fn answer(cx: &Cx<'_>, rest: &[&str]) -> Outcome {
    let named = |all: Vec<Value>, id: &str| {
        all.into_iter()
            .find(|one| one.get("id") == Some(&json!(id)))
            .map(|one| (200, one))
            .ok_or_else(|| not_found("Resource not found."))
    };
    match rest {
        ["ServiceProviderConfig"] => Ok((200, features(cx))),
        ["Schemas"] => page(cx, &schemas(cx), Value::clone),
        ["Schemas", id] => named(schemas(cx), id),
        ["ResourceTypes"] => page(cx, &resource_types(cx), Value::clone),
        ["ResourceTypes", id] => named(resource_types(cx), id),
        _ => Err(not_found("Resource not found.")),
    }
}

fn features(cx: &Cx<'_>) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": 100 },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": false },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "The directory's API key in the Authorization header.",
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{}/ServiceProviderConfig", cx.base) },
    })
}

fn resource_types(cx: &Cx<'_>) -> Vec<Value> {
    let one = |name: &str, schema: &str, extensions: &[&str]| {
        let extensions: Vec<Value> = extensions
            .iter()
            .map(|urn| json!({ "schema": urn, "required": false }))
            .collect();
        json!({
            "schemas": [RESOURCE_TYPE],
            "id": name,
            "name": name,
            "endpoint": format!("/{name}s"),
            "schema": schema,
            "schemaExtensions": extensions,
            "meta": { "resourceType": "ResourceType", "location": format!("{}/ResourceTypes/{name}", cx.base) },
        })
    };
    vec![
        one("User", USER_SCHEMA, &[ENTERPRISE]),
        one("Group", GROUP_SCHEMA, &[]),
    ]
}

fn schemas(cx: &Cx<'_>) -> Vec<Value> {
    let one = |id: &str, name: &str, attributes: &[Attribute]| {
        let shown = attributes
            .iter()
            .filter(|attribute| !attribute.is_extension() && attribute.name != "externalId");
        json!({
            "schemas": [SCHEMA],
            "id": id,
            "name": name,
            "description": name,
            "attributes": shown.map(describe).collect::<Vec<_>>(),
            "meta": { "resourceType": "Schema", "location": format!("{}/Schemas/{id}", cx.base) },
        })
    };
    vec![
        one(USER_SCHEMA, "User", USER),
        one(GROUP_SCHEMA, "Group", GROUP),
        one(ENTERPRISE, "EnterpriseUser", ENTERPRISE_PARTS),
    ]
}

fn describe(attribute: &Attribute) -> Value {
    let kind = match attribute.kind {
        Kind::Text => "string",
        Kind::Flag => "boolean",
        Kind::Reference(_) => "reference",
        Kind::One(_) | Kind::Many(_) => "complex",
    };
    let mut out = json!({
        "name": attribute.name,
        "type": kind,
        "multiValued": matches!(attribute.kind, Kind::Many(_)),
        "description": attribute.name,
        "required": attribute.required,
        "caseExact": false,
        "mutability": match attribute.writes {
            Writes::Always => "readWrite",
            Writes::Once => "immutable",
            Writes::Never => "readOnly",
        },
        "returned": "default",
        "uniqueness": if ["userName", "displayName"].contains(&attribute.name) && attribute.required { "server" } else { "none" },
    });
    if let (Some(out), false) = (out.as_object_mut(), attribute.parts().is_empty()) {
        out.insert(
            "subAttributes".to_owned(),
            attribute.parts().iter().map(describe).collect(),
        );
    }
    if let (Some(out), Kind::Reference(to)) = (out.as_object_mut(), attribute.kind) {
        out.insert("referenceTypes".to_owned(), json!([to]));
    }
    out
}
