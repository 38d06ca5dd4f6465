// Things of the outside that tests of several slices need.
#pragma once

#include <filesystem>

namespace afterresume {

// key.pem and cert.pem for "localhost" in the folder, good for two days.
void make_certificate(const std::filesystem::path& folder);

}  // namespace afterresume
