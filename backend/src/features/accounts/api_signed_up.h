// What a sign-up is answered: the session of the new account, or that a mail comes first.
#pragma once

#include "features/accounts/schema.h"
#include "infra/http/answer.h"

namespace afterresume::accounts {

struct SignedUp {
    std::optional<http::WithCookie<http::Created<SignedIn>>> at_once;
};

}  // namespace afterresume::accounts

namespace afterresume::http {

// 202, which opens nothing yet.
template <>
struct Answer<accounts::MailComesFirst> {
    static constexpr int status = 202;
    static Response make(const accounts::MailComesFirst& answer) {
        return json_response(status, describe::to_json(answer));
    }
    static Json schema(describe::Schemas& schemas) {
        return schemas.of<accounts::MailComesFirst>();
    }
};

// A mail comes first without a session.
template <>
struct Answer<accounts::SignedUp> {
    using AtOnce = WithCookie<Created<accounts::SignedIn>>;
    static constexpr int status = Answer<AtOnce>::status;
    static Response make(const accounts::SignedUp& answer) {
        if (answer.at_once) return Answer<AtOnce>::make(*answer.at_once);
        return Answer<accounts::MailComesFirst>::make({});
    }
    static Json schema(describe::Schemas& schemas) { return Answer<AtOnce>::schema(schemas); }
};

}  // namespace afterresume::http
