//! The course of a change: a plan of steps, its confirmation, the steps one by one, and the report.

pub(in crate::access) mod act;
pub(in crate::access) mod confirm;
pub(in crate::access) mod drift;
pub(in crate::access) mod effect;
pub(in crate::access) mod job;
pub(in crate::access) mod jobs;
pub(in crate::access) mod person;
pub(in crate::access) mod plan;
pub(in crate::access) mod promise;
pub(in crate::access) mod protect;
pub(in crate::access) mod publication;
pub(in crate::access) mod report;
pub(in crate::access) mod settle;
pub(in crate::access) mod several;
pub(in crate::access) mod told;
pub(in crate::access) mod unfinished;
pub(in crate::access) mod values;
pub(in crate::access) mod walk;
pub(in crate::access) mod work;
