// The command line: parses, runs one command, turns errors into a sentence and an exit code.
#pragma once

namespace afterresume::app {

// 0 done; 1 it did not work; 2 the call or a setting is wrong.
int run(int argc, char** argv);

}  // namespace afterresume::app
