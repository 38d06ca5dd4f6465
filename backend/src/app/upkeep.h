// What the nightly clean-up and the purge of what was deleted remove, and how: the one list of
// everything that is not kept for good.
#pragma once

namespace afterresume::app {

struct Composition;

// Adds the workflows of the clean-up and the purge, and ends jobs of what is deleted; the program
// must outlive them.
void add_upkeep(Composition& program);

}  // namespace afterresume::app
