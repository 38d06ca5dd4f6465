// What tests of several slices need.
#pragma once

#include "core/error.h"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace afterresume {

// key.pem and cert.pem for "localhost" in the folder, good for two days.
void make_certificate(const std::filesystem::path& folder);

// The code of the Error that `act` throws; "none" when it throws nothing.
template <class Act>
std::string code_of(Act act) {
    try {
        act();
    } catch (const Error& error) {
        return error.code();
    }
    return "none";
}

// Runs the io_context until that is so; a failure of the test when it is not for half a minute.
void turn_until(boost::asio::io_context& io, const std::function<bool()>& done);

}  // namespace afterresume
