//! The columns of an export, and how its lines are written.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{ActiveDate, ExportColumns, ExportFormat, ExportRoster};
use crate::roster::{Record, sheet};

/// Columns of the Application Roster.
const APPLICATION_ROSTER: [&str; 5] =
    ["User ID", "Email", "First Name", "Last Name", "Active Date"];

/// Our columns in CSV, where a record has to be flat.
const OURS: [&str; 16] = [
    "system",
    "kind",
    "id",
    "email",
    "first_name",
    "last_name",
    "display_name",
    "status",
    "active_date",
    "updated_at",
    "scope_level",
    "scope_id",
    "roles",
    "groups",
    "external_id",
    "as_of",
];

/// The format and columns of one export.
pub(super) struct Layout {
    format: ExportFormat,
    columns: ExportColumns,
    date: ActiveDate,
}

impl Layout {
    pub(super) fn of(wanted: &ExportRoster) -> Self {
        Self {
            format: wanted.format,
            columns: wanted.columns,
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
    pub(super) fn line(&self, record: &Record) -> String {
        match (self.format, self.columns) {
            (ExportFormat::Csv, ExportColumns::Ours) => {
                let cells = ours(record);
                sheet::line(cells.iter().map(String::as_str))
            }
            (ExportFormat::Csv, ExportColumns::ApplicationRoster) => {
                let cells = self.application_roster(record);
                sheet::line(cells.iter().map(String::as_str))
            }
            (_, ExportColumns::Ours) => json!(record).to_string(),
            (_, ExportColumns::ApplicationRoster) => {
                let named = APPLICATION_ROSTER
                    .iter()
                    .zip(self.application_roster(record));
                let fields: Map<String, Value> = named
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(name, value)| ((*name).to_owned(), Value::String(value)))
                    .collect();
                Value::Object(fields).to_string()
            }
        }
    }

    /// Lines as a text; the header only at the beginning.
    pub(super) fn text(&self, lines: &[String], first: bool) -> String {
        match self.format {
            ExportFormat::Json => format!("[{}]", lines.join(",\n")),
            ExportFormat::Ndjson => lines.iter().map(|line| format!("{line}\n")).collect(),
            ExportFormat::Csv => {
                let header = match self.columns {
                    ExportColumns::Ours => sheet::line(OURS),
                    ExportColumns::ApplicationRoster => sheet::line(APPLICATION_ROSTER),
                };
                let head = if first { header } else { String::new() };
                head + &lines.concat()
            }
        }
    }

    fn application_roster(&self, record: &Record) -> [String; 5] {
        let date = match self.date {
            ActiveDate::CreatedAt => record.active_date,
            ActiveDate::UpdatedAt => record.updated_at,
        };
        [
            record.id.to_string(),
            email(record),
            text(record.first_name.as_deref()),
            text(record.last_name.as_deref()),
            time(date),
        ]
    }
}

fn ours(record: &Record) -> [String; 16] {
    let groups = record.groups.iter().flatten().map(ToString::to_string);
    [
        record.system.to_string(),
        record.kind.to_string(),
        record.id.to_string(),
        email(record),
        text(record.first_name.as_deref()),
        text(record.last_name.as_deref()),
        text(record.display_name.as_deref()),
        record
            .status
            .map(|status| status.to_string())
            .unwrap_or_default(),
        time(record.active_date),
        time(record.updated_at),
        record.scope.level.to_string(),
        record
            .scope
            .id
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        record
            .roles
            .iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(";"),
        groups.collect::<Vec<_>>().join(";"),
        text(record.external_id.as_deref()),
        record.provenance.as_of.to_string(),
    ]
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
