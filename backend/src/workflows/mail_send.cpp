#include "workflows/mail_send.h"

namespace afterresume::workflows {

namespace {

Task<void> enqueue(jobs::Queue& queue, sql::Tx& tx, const Scope& scope, mail::Letter letter) {
    co_await queue.enqueue(
        tx, jobs::origin_of(scope), jobs::NewJob{"mail.send", jobs::payload_of(letter)}
    );
}

}  // namespace

orchestration::Plan MailSend::steps() const {
    return {{.name = "send", .sentence = "Send the mail"}};
}

// The step is kept: a crash after the server took the mail does not send it again.
Task<void> MailSend::run(orchestration::Run& run, mail::Letter letter) {
    auto job = run.job().id;
    auto sent = co_await run.step<MailSent>(
        "send", std::move(letter), [&](const mail::Letter& one) { return send(one, job); }
    );
    run.conclude(sent);
}

Task<MailSent> MailSend::send(const mail::Letter& letter, Uuid job) {
    co_await sender_.send(mail::message_of(letter, job.text()));
    co_return MailSent{letter.kind};
}

mail::Postbox::Carry carry_by(jobs::Queue& queue) {
    return [&queue](sql::Tx& tx, const Scope& scope, mail::Letter letter) {
        return enqueue(queue, tx, scope, std::move(letter));
    };
}

}  // namespace afterresume::workflows
