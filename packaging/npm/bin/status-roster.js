#!/usr/bin/env node
// Starts the program of this platform, which an optional dependency carries. Nothing is downloaded.
"use strict";
const { spawn } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const name = `@status-roster/${platform}`;

let program;
try {
  program = require.resolve(`${name}/bin/status-roster`);
} catch {
  console.error(
    `status-roster: there is no program for ${platform} here. If your installer left optional dependencies out, run ` +
      `\`npm install ${name}\`; on another Unix, \`cargo install status-roster\` builds it; on Windows, use WSL or the container.`,
  );
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// The program ends its calls in good order; this process waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`status-roster: ${program} cannot be started: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(signal ? 128 + require("node:os").constants.signals[signal] : code));
