//! The columns of an export, and how its lines are written.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{ActiveDate, ExportColumn, ExportColumns, ExportFormat, ExportRoster};
use crate::roster::{Record, sheet};

/// Columns of the Application Roster.
const APPLICATION_ROSTER: [&str; 5] =
    ["User ID", "Email", "First Name", "Last Name", "Active Date"];

/// The format and columns of one export.
pub(super) struct Layout {
    format: ExportFormat,
    columns: ExportColumns,
    date: ActiveDate,
}

/// One account in writing.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Line {
    pub text: String,
    /// True when one of its texts is not as it is stored, and no column says so.
    #[serde(skip)]
    pub hides_a_change: bool,
}

impl Layout {
    pub(super) fn of(wanted: &ExportRoster) -> Self {
        Self {
            format: wanted.format,
            columns: wanted.columns.clone(),
            date: wanted.active_date,
        }
    }

    pub(super) fn mime_type(&self) -> &'static str {
        match self.format {
            ExportFormat::Json => "application/json",
            ExportFormat::Csv => "text/csv",
            ExportFormat::Ndjson => "application/x-ndjson",
        }
    }

    /// One account.
    pub(super) fn line(&self, record: &Record) -> Line {
        let columns = match &self.columns {
            ExportColumns::ApplicationRoster => return self.application_roster(record),
            ExportColumns::Ours => ExportColumn::ALL,
            ExportColumns::Named(columns) => columns,
        };
        let marks = columns.contains(&ExportColumn::ChangedText);
        if self.format == ExportFormat::Csv {
            let mut cells: Vec<String> = columns.iter().map(|it| cell(record, *it)).collect();
            let names = columns.iter().map(|column| column.as_str());
            let changed = changed(record, names.zip(cells.iter().map(String::as_str)));
            for (cell, column) in cells.iter_mut().zip(columns) {
                if *column == ExportColumn::ChangedText {
                    cell.clone_from(&changed);
                }
            }
            return Line {
                text: sheet::line(cells.iter().map(String::as_str)),
                hides_a_change: !marks && !changed.is_empty(),
            };
        }
        let changed = changed(record, std::iter::empty());
        let fields = match &self.columns {
            ExportColumns::Named(_) => columns
                .iter()
                .filter_map(|column| Some((column.to_string(), value(record, *column)?)))
                .collect(),
            _ => whole(record),
        };
        let mut fields: Map<String, Value> = fields;
        if marks && !changed.is_empty() {
            let name = ExportColumn::ChangedText.to_string();
            fields.insert(name, Value::String(changed.clone()));
        }
        Line {
            text: Value::Object(fields).to_string(),
            hides_a_change: !marks && !changed.is_empty(),
        }
    }

    /// Lines as a text; the header only at the beginning.
    pub(super) fn text(&self, lines: &[Line], first: bool) -> String {
        let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        match self.format {
            ExportFormat::Json => format!("[{}]", lines.join(",\n")),
            ExportFormat::Ndjson => lines.iter().map(|line| format!("{line}\n")).collect(),
            ExportFormat::Csv => {
                let names = |columns: &[ExportColumn]| {
                    sheet::line(columns.iter().map(|column| column.as_str()))
                };
                let header = match &self.columns {
                    ExportColumns::Ours => names(ExportColumn::ALL),
                    ExportColumns::Named(columns) => names(columns),
                    ExportColumns::ApplicationRoster => sheet::line(APPLICATION_ROSTER),
                };
                let head = if first { header } else { String::new() };
                head + &lines.concat()
            }
        }
    }

    fn application_roster(&self, record: &Record) -> Line {
        let date = match self.date {
            ActiveDate::CreatedAt => record.active_date,
            ActiveDate::UpdatedAt => record.updated_at,
        };
        let cells = [
            record.id.to_string(),
            email(record),
            text(record.first_name.as_deref()),
            text(record.last_name.as_deref()),
            time(date),
        ];
        let named = || {
            APPLICATION_ROSTER
                .into_iter()
                .zip(cells.iter().map(String::as_str))
        };
        if self.format == ExportFormat::Csv {
            return Line {
                text: sheet::line(cells.iter().map(String::as_str)),
                hides_a_change: !changed(record, named()).is_empty(),
            };
        }
        let fields: Map<String, Value> = named()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        Line {
            text: Value::Object(fields).to_string(),
            hides_a_change: record.text_altered,
        }
    }
}

/// Every field of an account, as the lists show it, with its page.
fn whole(record: &Record) -> Map<String, Value> {
    let mut fields = match json!(record) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    if let Some(page) = record.page_id() {
        fields.insert(ExportColumn::PageId.to_string(), json!(page));
    }
    let as_of = record.provenance.as_of.to_string();
    fields.insert(ExportColumn::AsOf.to_string(), json!(as_of));
    fields
}

/// Says which texts of a row are not as they are stored: `cleaned` where hidden characters were taken out or an end was cut off,
/// `guarded` with the cells of CSV that got an apostrophe in front. Empty: all of them are.
fn changed<'a>(record: &Record, cells: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let guarded = cells.filter(|(_, cell)| sheet::is_formula(cell));
    let guarded: Vec<&str> = guarded.map(|(name, _)| name).collect();
    let guarded = (!guarded.is_empty()).then(|| format!("guarded: {}", guarded.join(", ")));
    let cleaned = record.text_altered.then(|| "cleaned".to_owned());
    let both: Vec<String> = cleaned.into_iter().chain(guarded).collect();
    both.join("; ")
}

/// A column of an account as a value of its own; nothing where the account has none.
fn value(record: &Record, column: ExportColumn) -> Option<Value> {
    match column {
        ExportColumn::Roles => record.roles.as_ref().map(|roles| json!(roles)),
        ExportColumn::Groups => record.groups.as_ref().map(|groups| json!(groups)),
        column => {
            let cell = cell(record, column);
            (!cell.is_empty()).then_some(Value::String(cell))
        }
    }
}

/// A column of an account as a text.
fn cell(record: &Record, column: ExportColumn) -> String {
    match column {
        ExportColumn::System => record.system.to_string(),
        ExportColumn::Kind => record.kind.to_string(),
        ExportColumn::Id => record.id.to_string(),
        ExportColumn::Email => email(record),
        ExportColumn::FirstName => text(record.first_name.as_deref()),
        ExportColumn::LastName => text(record.last_name.as_deref()),
        ExportColumn::DisplayName => text(record.display_name.as_deref()),
        ExportColumn::Status => or_none(record.status),
        ExportColumn::ActiveDate => time(record.active_date),
        ExportColumn::UpdatedAt => time(record.updated_at),
        ExportColumn::ScopeLevel => record.scope.level.to_string(),
        ExportColumn::ScopeId => or_none(record.scope.id.as_ref()),
        ExportColumn::PageId => or_none(record.page_id()),
        ExportColumn::Roles => {
            let roles = record.roles.iter().flatten().cloned();
            roles.collect::<Vec<_>>().join(";")
        }
        ExportColumn::Groups => {
            let groups = record.groups.iter().flatten().map(ToString::to_string);
            groups.collect::<Vec<_>>().join(";")
        }
        ExportColumn::ExternalId => text(record.external_id.as_deref()),
        ExportColumn::AsOf => record.provenance.as_of.to_string(),
        // It depends on the other cells of the row.
        ExportColumn::ChangedText => String::new(),
    }
}

fn or_none(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn email(record: &Record) -> String {
    record
        .email
        .as_ref()
        .map(ToString::to_string)
        .or_else(|| record.email_invalid.as_ref().map(ToString::to_string))
        .unwrap_or_default()
}

fn text(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

fn time(time: Option<Timestamp>) -> String {
    time.map(|time| time.to_string()).unwrap_or_default()
}
