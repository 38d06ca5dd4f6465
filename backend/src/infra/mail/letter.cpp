#include "infra/mail/letter.h"

#include "core/html_text.h"

#include <fmt/format.h>

#include <vector>

namespace afterresume::mail {

namespace {

// One content for both forms: what comes before the link, what the link is called, what comes after
// it.
struct Draft {
    std::string subject;
    std::vector<std::string> before;
    std::string label;
    std::vector<std::string> after;
};

// "48 hours", "7 days"
std::string span(std::int64_t hours) {
    if (hours > 48 && hours % 24 == 0) return fmt::format("{} days", hours / 24);
    return hours == 1 ? "one hour" : fmt::format("{} hours", hours);
}

std::string hello(const Letter& letter) { return fmt::format("Hello {},", letter.name); }

std::string until(const Letter& letter) {
    return fmt::format("The link can be used once, within {}.", span(letter.hours));
}

Draft verification(const Letter& letter) {
    return {
        "Confirm your e-mail address",
        {hello(letter), "please confirm that this address is yours."},
        "Confirm the address",
        {until(letter), "If you did not sign up, ignore this mail."}
    };
}

Draft password_reset(const Letter& letter) {
    return {
        "Set a new password",
        {hello(letter), "somebody, most likely you, asked for a new password for your account."},
        "Set a new password",
        {until(letter), "If it was not you, ignore this mail: your password stays what it is."}
    };
}

Draft password_changed(const Letter& letter) {
    return {
        "Your password was changed",
        {hello(letter),
         "the password of your account was changed, and you were signed out everywhere else.",
         "If it was not you, set a new password at once by “forgot password”."},
        "",
        {}
    };
}

Draft second_factor_reset(const Letter& letter) {
    return {
        "Your second factor was switched off",
        {hello(letter),
         "those who operate this installation switched the second factor of your account "
         "off, and you were signed out everywhere. Your password stays what it is.",
         "If you did not ask them to, tell them at once, and set a new password by “forgot "
         "password”."},
        "",
        {}
    };
}

Draft invitation(const Letter& letter) {
    return {
        fmt::format("{} invites you to AfterResume", letter.name),
        {"Hello,", fmt::format("{} invites you to a workspace.", letter.name)},
        "Accept the invitation",
        {until(letter), "If you do not know who that is, ignore this mail."}
    };
}

Draft sign_up(const Letter& letter) {
    return {
        "Finish signing up",
        {"Hello,",
         "somebody, most likely you, wants to sign up with this address. The link finishes it, "
         "together with the password that was chosen then."},
        "Finish signing up",
        {until(letter), "If it was not you, ignore this mail: there is no account without it."}
    };
}

Draft address_taken(const Letter& letter) {
    return {
        "You have an account already",
        {hello(letter),
         "somebody, most likely you, wanted to sign up with this address, and there is your "
         "account already. Sign in to it by your password, or set a new one if you forgot it."},
        "Set a new password",
        {until(letter), "If it was not you, ignore this mail: your account stays what it is."}
    };
}

Draft draft_of(const Letter& letter) {
    switch (letter.kind) {
        case Kind::verification:
            return verification(letter);
        case Kind::password_reset:
            return password_reset(letter);
        case Kind::password_changed:
            return password_changed(letter);
        case Kind::second_factor_reset:
            return second_factor_reset(letter);
        case Kind::invitation:
            return invitation(letter);
        case Kind::sign_up:
            return sign_up(letter);
        case Kind::address_taken:
            return address_taken(letter);
    }
    return {};
}

std::string text_of(const Draft& draft, const std::string& link) {
    std::string out;
    for (const auto& line : draft.before) out += line + "\n\n";
    if (!link.empty()) out += fmt::format("{}:\n{}\n\n", draft.label, link);
    for (const auto& line : draft.after) out += line + "\n\n";
    out.pop_back();
    return out;
}

std::string html_of(const Draft& draft, const std::string& link) {
    auto paragraphs = [](const std::vector<std::string>& lines) {
        std::string out;
        for (const auto& line : lines) out += fmt::format("<p>{}</p>\n", escape_html(line));
        return out;
    };
    auto button = link.empty() ? std::string()
                               : fmt::format(
                                     "<p><a href=\"{}\">{}</a></p>\n", escape_html(link),
                                     escape_html(draft.label)
                                 );
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
        "charset=\"utf-8\"><title>{}</title></head>\n"
        "<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em\">\n{}{}{}"
        "</body></html>\n",
        escape_html(draft.subject), paragraphs(draft.before), button, paragraphs(draft.after)
    );
}

}  // namespace

Message message_of(const Letter& letter, std::string id) {
    auto draft = draft_of(letter);
    Message message;
    auto to_stranger = letter.kind == Kind::invitation || letter.kind == Kind::sign_up;
    message.to = {to_stranger ? std::string() : letter.name, letter.to};
    message.subject = draft.subject;
    message.text = text_of(draft, letter.link);
    message.html = html_of(draft, letter.link);
    message.id = std::move(id);
    return message;
}

}  // namespace afterresume::mail
