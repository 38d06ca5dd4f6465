// Who a person is and how to reach them: the head of a JSON Resume. Nothing in it is required.
// Fields that JSON Resume does not know, and empty lists of a file, wait in `extra` under their own
// names until they are exported again.
#pragma once

#include "core/describe/notes.h"
#include "core/describe/traits.h"
#include "features/profile/limits.h"

#include <boost/json/object.hpp>

namespace afterresume::profile {

struct Location {
    std::optional<std::string> address;
    std::optional<std::string> postal_code;
    std::optional<std::string> city;
    std::optional<std::string> country_code;
    std::optional<std::string> region;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Location, (), (address, postal_code, city, country_code, region, extra))

constexpr auto notes(Location*) {
    return std::tuple{
        note(&Location::address, "Street and house, lines parted by newlines", one_line),
        note(&Location::postal_code, "Postal code", one_line),
        note(&Location::city, "City", one_line),
        note(&Location::country_code, "ISO 3166-1 alpha-2 code, as in DE", one_line),
        note(&Location::region, "State, province or general area", one_line),
        note(&Location::extra, extra_note),
    };
}

// An account in a social network.
struct Network {
    std::optional<std::string> network;
    std::optional<std::string> username;
    std::optional<std::string> url;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Network, (), (network, username, url, extra))

constexpr auto notes(Network*) {
    return std::tuple{
        note(&Network::network, "Name of the network, as in GitHub", one_line),
        note(&Network::username, "The person's name there", one_line),
        note(&Network::url, "Address of the account", one_address),
        note(&Network::extra, extra_note),
    };
}

struct Basics {
    std::optional<std::string> name;
    std::optional<std::string> label;
    std::optional<std::string> image;
    std::optional<std::string> email;
    std::optional<std::string> phone;
    std::optional<std::string> url;
    std::optional<std::string> summary;
    std::optional<Location> location;
    std::vector<Network> profiles;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(
    Basics, (), (name, label, image, email, phone, url, summary, location, profiles, extra)
)

constexpr auto notes(Basics*) {
    return std::tuple{
        note(&Basics::name, "Full name", one_line),
        note(&Basics::label, "What the person is, as in Web Developer", one_line),
        note(&Basics::image, "Address of a picture"),
        note(&Basics::email, "E-mail address", one_line),
        note(&Basics::phone, "Telephone number in any form", one_line),
        note(&Basics::url, "Address of the person's own pages", one_address),
        note(&Basics::summary, "Two or three sentences about the person", long_text),
        note(&Basics::location, "Where the person lives"),
        note(&Basics::profiles, "Accounts in social networks", short_list),
        note(&Basics::extra, extra_note),
    };
}

}  // namespace afterresume::profile
