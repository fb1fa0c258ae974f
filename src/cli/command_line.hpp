/// The command line, for lemmacheck itself and for programs with claims of their own.
#pragma once

namespace lemmacheck {

/// Runs a command on the global ledger. @returns the exit code: 0 as expected; 1 a verdict is not the
/// expected one or a certificate is rejected; 2 bad usage or input; 3 undecided.
int run_command_line(int argc, const char* const* argv);

}  // namespace lemmacheck
