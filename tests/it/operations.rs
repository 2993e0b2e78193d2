//! The toolset `operations`: incidents, components, metrics and page settings, asked as a client asks for them, against the sandbox.

mod components;
mod coverage;
mod incident;
mod maintenance;
mod metrics;
mod off;
mod retire;
mod settings;
mod two_agents;
mod world;
