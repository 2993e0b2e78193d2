//! Checks the parameters of `initialize`.

use rmcp::model::ErrorData;
use serde_json::Value;

/// The refusal of an `initialize` whose parameters could not be read: it names what is missing or in another form.
pub(crate) fn refusal(params: Option<&Value>) -> ErrorData {
    let param = |name: &str| params.and_then(|it| it.get(name));
    let text = |of: Option<&Value>, name: &str| {
        of.and_then(|it| it.get(name)).is_some_and(Value::is_string)
    };
    let client = param("clientInfo");
    let wanted = [
        (
            "`protocolVersion` (a text such as \"2025-11-25\")",
            text(params, "protocolVersion"),
        ),
        (
            "`capabilities` (an object, `{}` for none)",
            param("capabilities").is_some_and(Value::is_object),
        ),
        (
            "`clientInfo` (an object with the texts `name` and `version`)",
            text(client, "name") && text(client, "version"),
        ),
    ];
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|(_, there)| !there)
        .map(|(what, _)| what)
        .collect();
    let why = if missing.is_empty() {
        "a field of `capabilities` or `clientInfo` is not in the protocol's form".to_owned()
    } else {
        format!("it has to say {}", missing.join(" and "))
    };
    let why = format!("`initialize` was not understood: {why}. Nothing was changed.");
    ErrorData::invalid_params(why, None)
}
