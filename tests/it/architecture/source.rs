//! The source files, and the modules that they name. Reads text, not Rust: good enough for code that rustfmt has formatted.

use std::path::Path;

/// One file of the project.
pub(super) struct Source {
    /// From the root of the project.
    pub(super) path: String,
    /// The layer it belongs to.
    pub(super) module: String,
    pub(super) text: String,
    /// The text with comments and the content of strings blanked, line by line the same.
    pub(super) code: String,
}

/// Every Rust file below `folders`, without `src/lib.rs`, which names every module.
pub(super) fn sources(folders: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in folders {
        collect(root, &root.join(folder), &mut found);
    }
    found.retain(|source| source.path != "src/lib.rs");
    assert!(!found.is_empty(), "no source below {folders:?}");
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let path = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let module = place(&path)[0].clone();
            let code = without_comments_and_text(&text);
            found.push(Source {
                path,
                module,
                text,
                code,
            });
        }
    }
}

/// The module path of a file: `src/upstream/budget.rs` is `upstream`, `budget`.
fn place(path: &str) -> Vec<String> {
    let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let inside = stem.strip_prefix("src/").unwrap_or(stem);
    inside.split('/').map(str::to_owned).collect()
}

/// The modules of the crate that a file names, with the line of each.
pub(super) fn modules_named(path: &str, code: &str) -> Vec<(usize, String)> {
    let supers = "super::".repeat(place(path).len());
    let mut named = Vec::new();
    for root in ["crate::", "status_roster::", &supers] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            // `super::super::x` holds `super::x`, which is another path.
            if before.is_some_and(|it| it.is_alphanumeric() || it == '_' || it == ':') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let rest = &code[at + root.len()..];
            named.extend(heads(rest).into_iter().map(|head| (line, head)));
        }
    }
    named.retain(|(_, name)| name != "super" && name != "self");
    named
}

/// The first names of what follows a root: one, or those of a group in braces.
fn heads(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|it| it.is_alphanumeric() || *it == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let mut depth = 0_u32;
    let mut heads = vec![word(group)];
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(word(&group[at + 1..])),
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// Whether a line of code holds the words of a door, and not as a part of a longer name.
pub(super) fn holds(line: &str, words: &str) -> bool {
    line.match_indices(words).any(|(at, _)| {
        let edge = |it: Option<char>| !it.is_some_and(|it| it.is_alphanumeric() || it == '_');
        // Only the beginning: `env::var` is meant to find `env::var_os` and `env::vars` too.
        words.starts_with('.') || edge(line[..at].chars().next_back())
    })
}

/// Blanks comments and what stands in strings, and keeps every line break.
pub(super) fn without_comments_and_text(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (keep, skip) = if rest.starts_with("//") {
            ("", rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("'\"'") {
            ("' '", 3)
        } else if let Some(end) = string_end(rest) {
            ("\"\"", end)
        } else {
            (&rest[..character.len_utf8()], character.len_utf8())
        };
        code.push_str(keep);
        if skip > character.len_utf8() {
            code.extend(rest[..skip].chars().filter(|it| *it == '\n'));
        }
        rest = &rest[skip..];
    }
    code
}

/// Where the string that begins here ends.
fn string_end(rest: &str) -> Option<usize> {
    if let Some(raw) = rest.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let open = 1 + hashes + 1;
            return Some(open + rest[open..].find(&close)? + close.len());
        }
    }
    let inside = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}
