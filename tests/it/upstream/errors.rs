//! Every refusal by its type, in the upstream's words, whatever shape they come in.

use serde_json::{Value, json};
use status_roster::upstream::Error;

use super::script::{Script, Turn};
use super::{CANARY, Thing, client, frozen, interactive, thing};

async fn answered(status: u16, body: &str) -> Error {
    let clock = frozen();
    let server = Script::start(
        clock,
        vec![Turn::Answer(status, vec![], body.to_owned()); 4],
    )
    .await;
    client(&server.url, clock)
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn each_status_has_its_type_and_its_sentence() {
    let said = r#"{"error":"Could not do it"}"#;
    let sentences = [
        (
            401,
            "`statuspage` does not accept the key: \"Could not do it\"",
        ),
        (
            403,
            "`statuspage` does not allow this to the key: \"Could not do it\"",
        ),
        (404, "`statuspage` has no such thing: \"Could not do it\""),
        (410, "`statuspage` has no such thing: \"Could not do it\""),
        (409, "`statuspage` sees a conflict: \"Could not do it\""),
        (400, "`statuspage` refuses the request: \"Could not do it\""),
        (422, "`statuspage` refuses the request: \"Could not do it\""),
        (
            402,
            "`statuspage` refuses the request: status 402: \"Could not do it\"",
        ),
        (
            500,
            "`statuspage` failed with status 500: \"Could not do it\"",
        ),
    ];
    for (status, sentence) in sentences {
        let error = answered(status, said).await;
        assert_eq!(error.to_string(), sentence);
        let expected = match status {
            401 => matches!(error, Error::BadCredential { .. }),
            403 => matches!(error, Error::Forbidden { .. }),
            404 | 410 => matches!(error, Error::NotFound { .. }),
            409 => matches!(error, Error::Conflict { .. }),
            500 => matches!(error, Error::Broke { status: 500, .. }),
            _ => matches!(error, Error::Invalid { .. }),
        };
        assert!(expected, "{error:?}");
        assert_eq!(error.is_transient(), status == 500);
        assert_eq!(error.effect_unknown(), status == 500);
    }
}

/// Words of the upstream are quoted as such; those of this server are not.
fn told(words: &str) -> String {
    if words == "no reason given" || words.starts_with("an HTML page") {
        words.to_owned()
    } else {
        format!("\"{words}\"")
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_of_every_shape_are_read() {
    let bodies = [
        (json!({"error": "plain"}), "plain"),
        (json!({"message": "fallback"}), "fallback"),
        (
            json!({"error": null, "message": "after null"}),
            "after null",
        ),
        (json!({"error": {"message": "inner"}}), "message inner"),
        (json!({"error": ["one", "two"]}), "one; two"),
        (json!({"errors": ["many"]}), "many"),
        (json!({"detail": "scim says", "status": "409"}), "scim says"),
        (json!(["bare", "array"]), "bare; array"),
        (json!("bare string"), "bare string"),
        (json!({"other": 1}), "no reason given"),
        (json!({}), "no reason given"),
        (Value::Null, "no reason given"),
    ];
    for (body, words) in bodies {
        let error = answered(409, &body.to_string()).await;
        assert_eq!(
            error.to_string(),
            format!("`statuspage` sees a conflict: {}", told(words)),
            "{body}"
        );
    }
    let texts = [
        ("", "no reason given"),
        ("plain text", "plain text"),
        (
            "<html><head><TITLE> 403 Sorry </TITLE>",
            "an HTML page titled `403 Sorry`",
        ),
        ("<!doctype html><p>x", "an HTML page"),
    ];
    for (body, words) in texts {
        let error = answered(409, body).await;
        assert_eq!(
            error.to_string(),
            format!("`statuspage` sees a conflict: {}", told(words)),
            "{body}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn fields_that_the_upstream_names_are_kept_by_name() {
    let rails =
        json!({"error": {"email": ["has already been taken", "is odd"], "name": "is blank"}});
    let Error::Invalid {
        message, fields, ..
    } = answered(422, &rails.to_string()).await
    else {
        unreachable!("422 is invalid");
    };
    assert_eq!(
        message,
        "\"email has already been taken, is odd; name is blank\""
    );
    assert_eq!(
        serde_json::to_value(fields).unwrap(),
        json!({"email": ["has already been taken", "is odd"], "name": ["is blank"]})
    );
    let zod = json!({"error": [
        {"code": "invalid_type", "path": ["user", "email"], "message": "Required"},
        {"code": "custom", "path": [], "message": "Whole thing wrong"}
    ]});
    let Error::Invalid {
        message, fields, ..
    } = answered(400, &zod.to_string()).await
    else {
        unreachable!("400 is invalid");
    };
    assert_eq!(message, "\"user.email Required; Whole thing wrong\"");
    assert_eq!(
        serde_json::to_value(fields).unwrap(),
        json!({"user.email": ["Required"]})
    );
}

#[tokio::test(start_paused = true)]
async fn hostile_words_are_cleaned_and_cut_and_never_hold_the_key() {
    let hostile = format!("a\u{202e}b\u{200b}c\nOAuth {CANARY} {}", "x".repeat(5000));
    let error = answered(403, &json!({ "error": hostile }).to_string())
        .await
        .to_string();
    assert!(
        error.starts_with("`statuspage` does not allow this to the key: \"abc OAuth [secret] xxx"),
        "{error}"
    );
    assert!(error.chars().count() < 500);
    // Hidden characters inside a key do not hide the key.
    let split = CANARY
        .chars()
        .map(|c| format!("{c}\u{200b}"))
        .collect::<String>();
    let error = answered(403, &json!({ "error": split }).to_string()).await;
    assert!(!error.to_string().contains(CANARY), "{error}");
    let fields = json!({"error": {format!("f\u{202e}{CANARY}"): [format!("\u{7}{CANARY}")]}});
    let error = format!("{:?}", answered(422, &fields.to_string()).await);
    assert!(
        !error.contains(CANARY) && !error.contains('\u{202e}') && !error.contains("\\u{202e}"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_success_says_where_and_quotes_nothing() {
    let bodies = [
        (
            r#"{"id": 7, "email": "jane@example.com"}"#,
            "`id`: expected a string",
        ),
        (
            r#"{"email": "jane@example.com"}"#,
            "`.`: missing field `id`",
        ),
        ("", "`.`: expected JSON, and the body is empty"),
        (
            "<html>jane@example.com",
            "`.`: expected JSON, and it is an HTML page",
        ),
        ("jane@example.com", "`.`: expected value"),
        (
            r#"{"id":"t1"} jane@example.com"#,
            "`.`: expected one JSON value, and more follows",
        ),
    ];
    for (body, end) in bodies {
        let error = answered(200, body).await;
        assert!(matches!(error, Error::Unreadable { .. }));
        assert!(!error.is_transient() && error.effect_unknown());
        assert_eq!(
            error.to_string(),
            format!("the answer of `statuspage` cannot be read at {end}")
        );
    }
}
