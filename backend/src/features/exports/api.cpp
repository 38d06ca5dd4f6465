#include "features/exports/api.h"

#include "features/auditing/api.h"

namespace afterresume::exports {

namespace {

// A short transaction a piece, so that a slow reader holds none.
Task<void> send(
    Service& exports, sql::Database& database, Scope scope, Id<Export> id, http::BodyWriter& out
) {
    for (std::int64_t number = 0; !out.ended(); ++number) {
        auto tx = database.begin(scope, sql::Access::read);
        auto piece = co_await exports.piece(*tx, scope, id, number);
        tx.reset();
        if (!piece) co_return;
        co_await out.write(*piece);
    }
}

}  // namespace

http::Routes Api::routes() {
    return {
        post(
            "/api/tenant/export/", "Have everything exported that people wrote in the tenant",
            Permission::own, &Api::ask
        )
            .only_in_person(),
        get("/api/tenant/exports/", "List the exports that can be had", Permission::own, &Api::list)
            .only_in_person(),
        get("/api/tenant/exports/{id}/content/", "Download an export", Permission::own,
            &Api::download)
            .in(http::Transaction::none)
            .giving({"application/json"})
            .only_in_person(),
    };
}

Task<http::Accepted> Api::ask(http::Call& call) {
    co_return http::Accepted{co_await exports_.ask(call.tx(), call.scope())};
}

Task<ExportPage> Api::list(http::Call& call, ListMore query) {
    return exports_.list(call.tx(), call.scope(), query);
}

Task<http::Response> Api::download(http::Call& call, Id<Export> id) {
    auto scope = call.scope();
    auto tx = call.database().begin(scope, sql::Access::write);
    auto taken = co_await exports_.take(*tx, scope, auditing::origin_of(call), id);
    co_await tx->commit();
    http::Response response;
    response.content_type = "application/json";
    response.headers.emplace_back(
        "Content-Disposition", fmt::format("attachment; filename=\"export-{}.json\"", id.value)
    );
    // It changes no more.
    response.headers.emplace_back("ETag", http::etag(id.value));
    response.stream_length = static_cast<std::uint64_t>(taken.bytes);
    response.stream = [this, &database = call.database(), scope, id](http::BodyWriter& out) {
        return send(exports_, database, scope, id, out);
    };
    co_return response;
}

}  // namespace afterresume::exports
