//! The picture in README.md: the end of what `demo` prints, drawn as a terminal.

use std::fmt::Write as _;

use super::holds;

/// The scenes that are shown, by their numbers in the demonstration: a person is looked up, and taken out.
const SCENES: [&str; 2] = ["10. ", "11. "];
/// Where the picture ends.
const LAST: &str = "status: applied";
/// Characters in a row; longer lines go on in the next one.
const COLUMNS: usize = 104;
/// The size of a character, in pixels.
const CHARACTER: (f64, usize) = (7.83, 19);
/// How long a line waits for the one before it, in seconds.
const PACE: f64 = 0.35;

#[tokio::test]
async fn the_picture_is_what_demo_prints() {
    let home = tempfile::tempdir().unwrap();
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_status-roster"))
        .arg("demo")
        .env_clear()
        .env("HOME", home.path())
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let scenes: Vec<&str> = printed
        .split("\n\n")
        .filter_map(|scene| SCENES.iter().find_map(|number| scene.strip_prefix(number)))
        .collect();
    assert_eq!(scenes.len(), SCENES.len(), "{printed}");
    // What is repeated behind the last word is left out.
    let story = scenes.join("\n\n");
    let (shown, _) = story.split_once(LAST).unwrap();
    holds("docs/demo.svg", &drawn(&format!("{shown}{LAST}")));
}

/// A terminal in which line after line appears. Where nothing moves, all of them are there from the start.
fn drawn(text: &str) -> String {
    let rows: Vec<(usize, &str, String)> = text
        .lines()
        .enumerate()
        .flat_map(|(line, content)| {
            let colour = colour(content);
            wrapped(content)
                .into_iter()
                .map(move |row| (line, colour, row))
        })
        .collect();
    let width = (COLUMNS as f64).mul_add(CHARACTER.0, 32.0).ceil();
    let height = rows.len() * CHARACTER.1 + 56;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"A terminal: an agent finds what somebody who left can still reach, plans the removal, and carries it out \
         after a yes\">\n\
         <style>text{{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}}\
         @media (prefers-reduced-motion:no-preference){{text{{animation:come .2s both}}@keyframes come{{from{{opacity:0}}}}}}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"#0f172a\"/>\n\
         <circle cx=\"20\" cy=\"18\" r=\"6\" fill=\"#f87171\"/><circle cx=\"40\" cy=\"18\" r=\"6\" fill=\"#fbbf24\"/>\
         <circle cx=\"60\" cy=\"18\" r=\"6\" fill=\"#34d399\"/>\n"
    );
    for (number, (line, colour, row)) in rows.iter().enumerate() {
        let _ = writeln!(
            svg,
            "<text xml:space=\"preserve\" x=\"16\" y=\"{}\" fill=\"{colour}\" style=\"animation-delay:{:.2}s\">{}</text>",
            number * CHARACTER.1 + 50,
            *line as f64 * PACE,
            escaped(row)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// What a line is, by how it begins.
fn colour(line: &str) -> &'static str {
    let word = line.trim_start();
    match word.split([':', ' ']).next().unwrap_or_default() {
        ">" => "#7dd3fc",
        "status" => "#fbbf24",
        "loss" => "#fca5a5",
        "-" => "#a7f3d0",
        _ if line.starts_with(' ') => "#cbd5e1",
        _ => "#ffffff",
    }
}

/// A line as rows that fit, broken between words.
fn wrapped(line: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    for word in line.split_inclusive(' ') {
        if !row.trim().is_empty() && row.chars().count() + word.trim_end().chars().count() > COLUMNS
        {
            rows.push(std::mem::replace(&mut row, "      ".to_owned()));
        }
        row.push_str(word);
    }
    rows.push(row);
    rows.into_iter()
        .map(|it| it.trim_end().to_owned())
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
