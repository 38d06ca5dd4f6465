// One letter, on its way out of the house: tried again while the mail server is away.
#pragma once

#include "engine/jobs/queue.h"
#include "engine/orchestration/workflow.h"
#include "infra/mail/postbox.h"
#include "infra/mail/sender.h"

namespace afterresume::workflows {

struct MailSent {
    mail::Kind kind = mail::Kind::verification;
};
BOOST_DESCRIBE_STRUCT(MailSent, (), (kind))

class MailSend : public orchestration::WorkflowOf<mail::Letter> {
public:
    explicit MailSend(mail::Sender& sender) : sender_(sender) {}

    orchestration::Plan steps() const override;

protected:
    Task<void> run(orchestration::Run& run, mail::Letter letter) override;

private:
    Task<MailSent> send(const mail::Letter& letter, Uuid job);

    mail::Sender& sender_;
};

// Letters become jobs, in the transaction in which they are posted. The queue must outlive it.
mail::Postbox::Carry carry_by(jobs::Queue& queue);

}  // namespace afterresume::workflows
