#include "features/sharing/api.h"

#include "features/auditing/api.h"

namespace afterresume::sharing {

namespace {

constexpr std::size_t password_bytes = 4'096;

SharedReport shown_or_refused(Opened opened) {
    if (opened.outcome == Outcome::locked)
        throw Error(
            ErrorKind::forbidden, "sharing.password_needed",
            "This link asks for a password, and for another than that one."
        );
    if (opened.outcome == Outcome::nothing)
        throw Error(ErrorKind::not_found, "request.not_found", "There is nothing here.");
    return std::move(*opened.report);
}

bool is_head(http::Call& call) { return call.request().method == "HEAD"; }

http::Response response_of(int status, HtmlPage page) {
    http::Response response;
    response.status = status;
    response.content_type = "text/html; charset=utf-8";
    response.headers.emplace_back("Content-Security-Policy", std::move(page.policy));
    response.body = std::move(page.html);
    return response;
}

}  // namespace

http::Routes Api::routes() {
    using http::Transaction;
    return {
        post(
            "/api/shares/", "Let others read a report or résumé by a link", Permission::write,
            &Api::make
        )
            .in(Transaction::late),
        get("/api/shares/", "List your share links, newest first", Permission::read, &Api::list),
        get("/api/shares/{id}/", "Read one share link", Permission::read, &Api::read),
        patch(
            "/api/shares/{id}/", "Change how long, how often and how much a share link shows",
            Permission::write, &Api::edit
        ),
        remove("/api/shares/{id}/", "End a share link", Permission::write, &Api::revoke),
        get("/api/shares/{id}/views/", "List when a share link was followed, newest first",
            Permission::read, &Api::views),
        get("/api/share/{token}/", "Read what a share link shows", http::anybody, &Api::open)
            .in(Transaction::none)
            .for_strangers(),
        post(
            "/api/share/{token}/", "Read what a share link with a password shows", http::anybody,
            &Api::unlock
        )
            .in(Transaction::none)
            .up_to(password_bytes)
            .for_strangers()
            .against_guessing(),
        get("/s/{token}", "What a share link shows, as a page", http::anybody, &Api::page)
            .in(Transaction::none)
            .giving({"text/html"})
            .for_strangers(),
        post(
            "/s/{token}", "What a share link with a password or a number of views shows, as a page",
            http::anybody, &Api::unlock_page
        )
            .in(Transaction::none)
            .up_to(password_bytes)
            .giving({"text/html"})
            .for_strangers()
            .against_guessing(),
    };
}

Task<http::Created<MadeShare>> Api::make(http::Call& call, CreateShare wanted) {
    auto prepared = co_await shares_.prepare(call.scope(), std::move(wanted));
    co_await call.begin(call.scope());
    auto made = co_await shares_.make(
        call.tx(), call.scope(), auditing::origin_of(call), std::move(prepared)
    );
    auto id = made.share.id.value;
    co_return http::created(std::move(made), "/api/shares/{}/", id);
}

Task<SharePage> Api::list(http::Call& call, ListMore query) {
    co_return co_await shares_.list(call.tx(), call.scope(), query);
}

Task<http::Versioned<ShareLink>> Api::read(http::Call& call, Id<ShareLink> id) {
    co_return http::versioned(co_await shares_.get(call.tx(), call.scope(), id));
}

Task<http::Versioned<ShareLink>> Api::edit(http::Call& call, Id<ShareLink> id, EditShare change) {
    co_return http::versioned(co_await shares_.edit(
        call.tx(), call.scope(), auditing::origin_of(call), id, call.match(), std::move(change)
    ));
}

Task<http::NoContent> Api::revoke(http::Call& call, Id<ShareLink> id) {
    co_await shares_.revoke(call.tx(), call.scope(), auditing::origin_of(call), id, call.match());
    co_return http::NoContent{};
}

Task<ViewPage> Api::views(http::Call& call, Id<ShareLink> id, ListMore query) {
    co_return co_await shares_.views(call.tx(), call.scope(), id, query);
}

Task<SharedReport> Api::open(http::Call& call, std::string token) {
    auto counting = is_head(call) ? Counting::nothing : Counting::view;
    co_return shown_or_refused(
        co_await opening_.open(std::move(token), std::nullopt, call.correlation(), counting)
    );
}

Task<SharedReport> Api::unlock(http::Call& call, std::string token, Unlock body) {
    co_return shown_or_refused(
        co_await opening_.open(std::move(token), std::move(body.password), call.correlation())
    );
}

Task<http::Response> Api::page(http::Call& call, std::string token) {
    auto counting = is_head(call) ? Counting::nothing : Counting::view_unless_limited;
    auto opened =
        co_await opening_.open(std::move(token), std::nullopt, call.correlation(), counting);
    if (opened.limited) co_return response_of(200, door_page());
    co_return co_await shown(std::move(opened));
}

// The body is that of an HTML form: application/x-www-form-urlencoded, as a query string is. Of a
// link without a password it is empty.
Task<http::Response> Api::unlock_page(http::Call& call, std::string token) {
    auto form = http::read_query<UnlockForm>(call.request().body);
    co_return co_await shown(
        co_await opening_.open(std::move(token), std::move(form.password), call.correlation())
    );
}

Task<http::Response> Api::shown(Opened opened) {
    if (opened.outcome == Outcome::nothing) co_return response_of(404, nothing_page());
    if (opened.outcome == Outcome::locked) co_return response_of(403, password_page());
    auto render = [&] { return page_of(*opened.report); };
    co_return response_of(200, co_await pool_.run(render));
}

}  // namespace afterresume::sharing
