#include "app/command_line.h"

int main(int argc, char** argv) { return afterresume::app::run(argc, argv); }
