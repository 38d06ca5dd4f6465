#include "features/profile/api.h"

#include "features/profile/resume_json.h"

#include <boost/json/value.hpp>

namespace afterresume::profile {

namespace {

// Which fields a PATCH names; what they may be has been read from its description already.
JsonObject named_fields(http::Call& call) {
    const auto& body = call.request().body;
    return body.empty() ? JsonObject() : describe::parse<JsonObject>(body);
}

}  // namespace

http::Routes Api::routes() {
    http::Routes all{
        get("/api/profile/", "Read the head of your profile", Permission::read, &Api::read),
        patch(
            "/api/profile/", "Change the head of your profile", Permission::write,
            &Api::change_basics
        ),
        get("/api/profile/resume-json/", "Export your profile as JSON Resume", Permission::read,
            &Api::read_resume),
        put("/api/profile/resume-json/", "Replace your profile by a JSON Resume", Permission::write,
            &Api::replace_resume)
            .taking_any_object(),
    };
    add_section<Position>(all, "position");
    add_section<Project>(all, "project");
    add_section<Volunteering>(all, "voluntary work");
    add_section<Education>(all, "education");
    add_section<Award>(all, "award");
    add_section<Certificate>(all, "certificate");
    add_section<Publication>(all, "publication");
    add_section<Skill>(all, "declared skill");
    add_section<Language>(all, "language");
    add_section<Interest>(all, "interest");
    add_section<Reference>(all, "reference");
    return all;
}

template <class T>
void Api::add_section(http::Routes& routes, std::string_view one) {
    auto list_path = fmt::format("/api/profile/{}/", describe::name_of(T::section));
    auto item_path = list_path + "{id}/";
    routes.push_back(
        get(list_path, fmt::format("List each {} in your order", one), Permission::read,
            &Api::list<T>)
    );
    routes.push_back(
        post(list_path, fmt::format("Add one {}", one), Permission::write, &Api::create<T>)
    );
    routes.push_back(
        get(item_path, fmt::format("Read one {}", one), Permission::read, &Api::read_item<T>)
    );
    routes.push_back(
        patch(item_path, fmt::format("Change or move one {}", one), Permission::write, &Api::change_item<T>)
    );
    routes.push_back(
        remove(item_path, fmt::format("Delete one {}", one), Permission::write, &Api::remove_item<T>)
    );
}

Task<http::Versioned<Overview>> Api::read(http::Call& call) {
    co_return http::versioned(co_await profiles_.overview(call.tx(), call.scope()));
}

Task<http::Versioned<Overview>> Api::change_basics(http::Call& call, Basics) {
    co_return http::versioned(
        co_await profiles_.change_basics(call.tx(), call.scope(), call.match(), named_fields(call))
    );
}

Task<http::Versioned<JsonObject>> Api::read_resume(http::Call& call) {
    auto profile = co_await profiles_.get(call.tx(), call.scope());
    co_return http::Versioned<JsonObject>{write_resume_json(profile), profile.version};
}

Task<http::Versioned<JsonObject>> Api::replace_resume(http::Call& call) {
    auto document = describe::parse_json(call.request().body);
    co_await profiles_.import_resume_json(call.tx(), call.scope(), document, call.match());
    co_return co_await read_resume(call);
}

template <class T>
Task<ItemPage<T>> Api::list(http::Call& call, ListItems wanted) {
    auto page = co_await sections_.list<T>(call.tx(), call.scope(), std::move(wanted));
    co_return ItemPage<T>{std::move(page.items), std::move(page.next_cursor)};
}

template <class T>
Task<http::Created<Item<T>>> Api::create(http::Call& call, Draft<T> body) {
    auto item = co_await sections_.add<T>(call.tx(), call.scope(), std::move(body));
    auto answer =
        http::created(item, "/api/profile/{}/{}/", describe::name_of(T::section), item.id.value);
    answer.version = item.version;
    co_return answer;
}

template <class T>
Task<http::Versioned<Item<T>>> Api::read_item(http::Call& call, Id<T> id) {
    auto item = co_await sections_.get(call.tx(), call.scope(), id);
    auto version = item.version;
    co_return http::Versioned<Item<T>>{std::move(item), version};
}

template <class T>
Task<http::Versioned<Item<T>>> Api::change_item(http::Call& call, Id<T> id, Draft<T>) {
    auto item =
        co_await sections_.change(call.tx(), call.scope(), call.match(), id, named_fields(call));
    auto version = item.version;
    co_return http::Versioned<Item<T>>{std::move(item), version};
}

template <class T>
Task<http::NoContent> Api::remove_item(http::Call& call, Id<T> id) {
    co_await sections_.remove(call.tx(), call.scope(), call.match(), id);
    co_return http::NoContent{};
}

}  // namespace afterresume::profile
