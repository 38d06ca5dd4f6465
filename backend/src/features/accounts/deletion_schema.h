// What is deleted for good, on the wire.
#pragma once

#include "core/describe/notes.h"

#include <string>

namespace afterresume::accounts {

struct ConfirmDeletion {
    std::string password;
};
BOOST_DESCRIBE_STRUCT(ConfirmDeletion, (), (password))

constexpr auto notes(ConfirmDeletion*) {
    using namespace describe;
    return std::tuple{note(&ConfirmDeletion::password, "Your password, once more", length{1, 1024})
    };
}

}  // namespace afterresume::accounts
