//! A read that needs nothing but its answer, without the library between.
//!
//! The library makes a service, a transport and two tasks for every request of 2026-07-28, turns the request into a tree of values to
//! compare it with its headers, and holds the answer as another tree. For a list that is most of what a call costs, and nothing that
//! a read without progress, without a form and without a task has any use for.
//!
//! Guarantees: a request is answered here only when the library would have answered it with the same content, and when nothing of
//! it is in doubt: any field that is not read here, and anything that would be an error of the protocol, is left to the library.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use rmcp::model::{ClientCapabilities, ProtocolVersion, RequestId};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::{call, exports};
use crate::access::{Access, Person, Silent};
use crate::caller::{Caller, Standing};
use crate::roster::text;
use crate::toolkit::{Answer, Catalogue, Effect, Incoming, Patience};

/// The method of what is answered here, as the header beside it must say.
pub const METHOD: &str = "tools/call";

/// A message that holds this and no more.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Message<'a> {
    jsonrpc: &'a str,
    id: RequestId,
    method: &'a str,
    #[serde(borrow)]
    params: Object<Params<'a>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Params<'a> {
    name: &'a str,
    #[serde(default)]
    arguments: Map<String, Value>,
    #[serde(borrow, rename = "_meta")]
    meta: Object<Meta<'a>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Meta<'a> {
    #[serde(rename = "io.modelcontextprotocol/protocolVersion")]
    version: &'a str,
    #[serde(rename = "io.modelcontextprotocol/clientCapabilities")]
    capabilities: ClientCapabilities,
    #[serde(borrow, rename = "io.modelcontextprotocol/clientInfo")]
    client: Object<Client<'a>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Client<'a> {
    name: &'a str,
    version: &'a str,
    #[serde(default, rename = "title")]
    _title: Option<&'a str>,
}

/// Accepts only a JSON object. Serde would also accept an array of the fields in order, which the protocol does not allow.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields(PhantomData))
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
    }
}

/// A request that is answered here.
pub struct Read {
    id: RequestId,
    name: String,
    arguments: Map<String, Value>,
    client: String,
}

impl Read {
    /// The request in `body`, when it is one to be answered here. `version` and `tool` are what its headers say.
    #[must_use]
    pub fn of(body: &[u8], version: &str, tool: &str, catalogue: &Catalogue) -> Option<Self> {
        let Object(message): Object<Message<'_>> = serde_json::from_slice(body).ok()?;
        let Message {
            jsonrpc,
            id,
            method,
            params: Object(params),
        } = message;
        let Params {
            name,
            arguments,
            meta: Object(meta),
        } = params;
        let as_told = name == tool && meta.version == version && method == METHOD;
        let current = version == ProtocolVersion::V_2026_07_28.as_str();
        if jsonrpc != "2.0" || !as_told || !current {
            return None;
        }
        let reads = catalogue.effect(name) == Some(Effect::Read);
        // An export's answer carries a link besides.
        if !reads || name == exports::MAKER || meta.capabilities.supports_tasks() {
            return None;
        }
        let client = format!("{} {}", meta.client.0.name, meta.client.0.version);
        Some(Self {
            id,
            name: name.to_owned(),
            arguments,
            client: text::clean(&client, 80).text,
        })
    }

    /// The answer as the message that goes back. `cancel` tells the call to stop, and so does dropping this before its end.
    pub async fn answer(
        self,
        access: Arc<Access>,
        catalogue: Arc<Catalogue>,
        caller: Caller,
        standing: Standing,
        cancel: CancellationToken,
    ) -> Vec<u8> {
        let _gone = cancel.clone().drop_guard();
        let incoming = Incoming {
            caller: Caller {
                client: Some(self.client),
                ..caller
            },
            name: self.name,
            arguments: self.arguments,
            person: Person::OutOfReach,
            cancel: cancel.clone(),
            progress: Arc::new(Silent),
            patience: Patience::Waits,
        };
        let call = catalogue.call(&access, incoming);
        let answer = call::while_it_stands(&standing, &cancel, call).await;
        message(&self.id, &answer)
    }
}

/// The answer's text is JSON already: it is written as it is for programs, and once more, quoted, for whoever reads text.
fn message(id: &RequestId, answer: &Answer) -> Vec<u8> {
    let id = serde_json::to_string(id).unwrap_or_else(|_| "null".to_owned());
    let quoted = answer.quoted();
    let length: usize = quoted.iter().map(|part| part.len()).sum();
    let mut to = Vec::with_capacity(answer.text.len() + length + 256);
    to.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"id\":");
    to.extend_from_slice(id.as_bytes());
    to.extend_from_slice(
        b",\"result\":{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"",
    );
    for part in quoted {
        to.extend_from_slice(part.as_bytes());
    }
    to.extend_from_slice(b"\"}]");
    if !answer.is_error {
        to.extend_from_slice(b",\"structuredContent\":");
        to.extend_from_slice(answer.text.as_bytes());
    }
    let ending: &[u8] = if answer.is_error {
        b",\"isError\":true}}"
    } else {
        b",\"isError\":false}}"
    };
    to.extend_from_slice(ending);
    to
}
