// What the nightly clean-up removes, and how: the one list of everything that is not kept for good.
#pragma once

namespace afterresume::app {

struct Composition;

// Adds the workflows of the clean-up; the program must outlive them.
void add_upkeep(Composition& program);

}  // namespace afterresume::app
