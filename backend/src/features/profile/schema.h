// The profile on the wire. Sections go out as Item<T> (model.h) and come in as Draft<T>.
#pragma once

#include "features/profile/model.h"

#include <map>

namespace afterresume::profile {

struct Overview : Basics {
    // By section.
    std::map<std::string, std::int64_t> counts;
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(Overview, (Basics), (counts, version))

constexpr auto notes(Overview*) {
    return std::tuple{
        note(&Overview::counts, "How many members each section has"),
        note(&Overview::version, "Rises with every change of any part of the profile"),
    };
}

// Body of POST and PATCH; a PATCH changes the fields that it names and clears those that are null.
template <class T>
struct Draft : T {
    Replacement<std::int64_t> place;

    BOOST_DESCRIBE_CLASS(Draft, (T), (place), (), ())
};

template <class T>
constexpr auto notes(Draft<T>*) {
    return std::tuple{describe::note(
        &Draft<T>::place,
        "Index in the section's order, 0 first; when absent a new one goes last and an old one "
        "stays",
        describe::range{0, most_items}
    )};
}

template <class T>
struct ItemPage {
    std::vector<Item<T>> items;
    std::optional<std::string> next_cursor;

    BOOST_DESCRIBE_CLASS(ItemPage, (), (items, next_cursor), (), ())
};

struct ListItems {
    std::optional<std::int64_t> page_size;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListItems, (), (page_size, cursor))

constexpr auto notes(ListItems*) {
    using namespace describe;
    return std::tuple{
        note(&ListItems::page_size, "Most items of the answer; 20 when absent", range{1, 100}),
        note(&ListItems::cursor, "The next_cursor of the page before", length{1, 20}),
    };
}

}  // namespace afterresume::profile
