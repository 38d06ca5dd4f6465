// The files of data/taxonomy as they were when the program was built. They live as long as the
// program.
#pragma once

#include <span>
#include <string_view>

namespace afterresume::skill_matching {

std::span<const std::string_view> embedded_taxonomy();

// The trained weights of the span tagger; see span_model.h for the format.
std::string_view embedded_span_weights();

}  // namespace afterresume::skill_matching
