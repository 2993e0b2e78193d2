//! Incidents, components, metrics and page settings: what readers of a page see, planned with who is told of it before anybody agrees.

pub(in crate::access) mod audience;
pub(in crate::access) mod component_status;
pub(in crate::access) mod component_step;
pub(in crate::access) mod edit_update;
pub(in crate::access) mod holders;
pub(in crate::access) mod list;
pub(in crate::access) mod look;
pub(in crate::access) mod metric_data;
pub(in crate::access) mod metric_steps;
pub(in crate::access) mod metrics;
pub(in crate::access) mod open;
pub(in crate::access) mod post;
pub(in crate::access) mod postmortem;
pub(in crate::access) mod remove_component;
pub(in crate::access) mod remove_incident;
pub(in crate::access) mod save_component;
pub(in crate::access) mod schedule;
pub(in crate::access) mod settings;
pub(in crate::access) mod step;
pub(in crate::access) mod text;
pub(in crate::access) mod told;
pub(in crate::access) mod update;
pub(in crate::access) mod update_step;
