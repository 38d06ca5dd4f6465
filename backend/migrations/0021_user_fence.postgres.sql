-- What the comment of the shared file says is raised for both databases alike.
DROP POLICY owner_all ON app_user;
DROP POLICY self_or_member ON app_user;
