// The profile over HTTP.
#pragma once

#include "features/profile/sections.h"
#include "features/profile/service.h"
#include "infra/http/route.h"

namespace afterresume::profile {

class Api : public http::Controller<Api> {
public:
    Api(Service& profiles, Sections& sections) : profiles_(profiles), sections_(sections) {}
    http::Routes routes();

private:
    Task<http::Versioned<Overview>> read(http::Call& call);
    Task<http::Versioned<Overview>> change_basics(http::Call& call, Basics body);
    Task<http::Versioned<JsonObject>> read_resume(http::Call& call);
    Task<http::Versioned<JsonObject>> replace_resume(http::Call& call);

    // The five routes of one section; `one` is what its members are called.
    template <class T>
    void add_section(http::Routes& routes, std::string_view one);
    template <class T>
    Task<ItemPage<T>> list(http::Call& call, ListItems wanted);
    template <class T>
    Task<http::Created<Item<T>>> create(http::Call& call, Draft<T> body);
    template <class T>
    Task<http::Versioned<Item<T>>> read_item(http::Call& call, Id<T> id);
    template <class T>
    Task<http::Versioned<Item<T>>> change_item(http::Call& call, Id<T> id, Draft<T> body);
    template <class T>
    Task<http::NoContent> remove_item(http::Call& call, Id<T> id);

    Service& profiles_;
    Sections& sections_;
};

}  // namespace afterresume::profile
