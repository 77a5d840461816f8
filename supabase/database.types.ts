export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  public: {
    Tables: {
      accounts: {
        Row: {
          activated_at: string | null;
          address: string;
          attestation: string;
          created_at: string;
          display_name: string | null;
          escrow_sealed: string | null;
          id: string;
          invite_sealed: string | null;
          key_version: number;
          kind: Database["public"]["Enums"]["account_kind"];
          phrase: string | null;
          public_key: string;
          status: Database["public"]["Enums"]["account_status"];
          temporary_password_expires_at: string | null;
          wrapped_key: string | null;
        };
        ComputedFields: never;
        Insert: {
          activated_at?: string | null;
          address: string;
          attestation: string;
          created_at?: string;
          display_name?: string | null;
          escrow_sealed?: string | null;
          id: string;
          invite_sealed?: string | null;
          key_version?: number;
          kind: Database["public"]["Enums"]["account_kind"];
          phrase?: string | null;
          public_key: string;
          status?: Database["public"]["Enums"]["account_status"];
          temporary_password_expires_at?: string | null;
          wrapped_key?: string | null;
        };
        Update: {
          activated_at?: string | null;
          address?: string;
          attestation?: string;
          created_at?: string;
          display_name?: string | null;
          escrow_sealed?: string | null;
          id?: string;
          invite_sealed?: string | null;
          key_version?: number;
          kind?: Database["public"]["Enums"]["account_kind"];
          phrase?: string | null;
          public_key?: string;
          status?: Database["public"]["Enums"]["account_status"];
          temporary_password_expires_at?: string | null;
          wrapped_key?: string | null;
        };
        Relationships: [];
      };
      attachments: {
        Row: {
          cipher_bytes: number;
          data: string | null;
          id: string;
          message_id: string;
          object_name: string | null;
          part: number;
          sha256: string;
          size_bytes: number;
        };
        ComputedFields: never;
        Insert: {
          cipher_bytes: number;
          data?: string | null;
          id: string;
          message_id: string;
          object_name?: string | null;
          part: number;
          sha256: string;
          size_bytes: number;
        };
        Update: {
          cipher_bytes?: number;
          data?: string | null;
          id?: string;
          message_id?: string;
          object_name?: string | null;
          part?: number;
          sha256?: string;
          size_bytes?: number;
        };
        Relationships: [
          {
            foreignKeyName: "attachments_message_id_fkey";
            columns: ["message_id"];
            isOneToOne: false;
            referencedRelation: "messages";
            referencedColumns: ["id"];
          },
        ];
      };
      audit_log: {
        Row: {
          action: string;
          actor: string;
          at: string;
          details: NonNullable<Json>;
          id: number;
          subject: string | null;
        };
        ComputedFields: never;
        Insert: {
          action: string;
          actor: string;
          at?: string;
          details?: NonNullable<Json>;
          id?: never;
          subject?: string | null;
        };
        Update: {
          action?: string;
          actor?: string;
          at?: string;
          details?: NonNullable<Json>;
          id?: never;
          subject?: string | null;
        };
        Relationships: [];
      };
      definitions: {
        Row: {
          allow_download: boolean;
          allow_print: boolean;
          allow_reply: boolean;
          allow_reply_all: boolean;
          created_at: string;
          description: string;
          expire_after: string | null;
          label: string | null;
          name: string;
          online_only: boolean;
          read_receipt: boolean;
          seal_for_everybody: boolean;
          tell_sender_secured: boolean;
          updated_at: string;
          view_limit: number | null;
          watermark: boolean;
        };
        ComputedFields: never;
        Insert: {
          allow_download?: boolean;
          allow_print?: boolean;
          allow_reply?: boolean;
          allow_reply_all?: boolean;
          created_at?: string;
          description?: string;
          expire_after?: string | null;
          label?: string | null;
          name: string;
          online_only?: boolean;
          read_receipt?: boolean;
          seal_for_everybody?: boolean;
          tell_sender_secured?: boolean;
          updated_at?: string;
          view_limit?: number | null;
          watermark?: boolean;
        };
        Update: {
          allow_download?: boolean;
          allow_print?: boolean;
          allow_reply?: boolean;
          allow_reply_all?: boolean;
          created_at?: string;
          description?: string;
          expire_after?: string | null;
          label?: string | null;
          name?: string;
          online_only?: boolean;
          read_receipt?: boolean;
          seal_for_everybody?: boolean;
          tell_sender_secured?: boolean;
          updated_at?: string;
          view_limit?: number | null;
          watermark?: boolean;
        };
        Relationships: [];
      };
      deliveries: {
        Row: {
          address: string;
          bounced_at: string | null;
          channel: Database["public"]["Enums"]["delivery_channel"];
          delivered_at: string | null;
          first_opened_at: string | null;
          folder: Database["public"]["Enums"]["delivery_folder"];
          id: string;
          key_version: number | null;
          kind: Database["public"]["Enums"]["delivery_kind"];
          last_opened_at: string | null;
          mail_mac: string;
          mailbox_id: string | null;
          message_id: string;
          notified_at: string | null;
          open_count: number;
          read_at: string | null;
          recalled_at: string | null;
          replied_at: string | null;
          sealed_content_key: string | null;
          sealed_header_key: string | null;
          stored_at: string;
        };
        ComputedFields: never;
        Insert: {
          address: string;
          bounced_at?: string | null;
          channel?: Database["public"]["Enums"]["delivery_channel"];
          delivered_at?: string | null;
          first_opened_at?: string | null;
          folder: Database["public"]["Enums"]["delivery_folder"];
          id: string;
          key_version?: number | null;
          kind: Database["public"]["Enums"]["delivery_kind"];
          last_opened_at?: string | null;
          mail_mac: string;
          mailbox_id?: string | null;
          message_id: string;
          notified_at?: string | null;
          open_count?: number;
          read_at?: string | null;
          recalled_at?: string | null;
          replied_at?: string | null;
          sealed_content_key?: string | null;
          sealed_header_key?: string | null;
          stored_at?: string;
        };
        Update: {
          address?: string;
          bounced_at?: string | null;
          channel?: Database["public"]["Enums"]["delivery_channel"];
          delivered_at?: string | null;
          first_opened_at?: string | null;
          folder?: Database["public"]["Enums"]["delivery_folder"];
          id?: string;
          key_version?: number | null;
          kind?: Database["public"]["Enums"]["delivery_kind"];
          last_opened_at?: string | null;
          mail_mac?: string;
          mailbox_id?: string | null;
          message_id?: string;
          notified_at?: string | null;
          open_count?: number;
          read_at?: string | null;
          recalled_at?: string | null;
          replied_at?: string | null;
          sealed_content_key?: string | null;
          sealed_header_key?: string | null;
          stored_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "deliveries_mailbox_id_fkey";
            columns: ["mailbox_id"];
            isOneToOne: false;
            referencedRelation: "mailboxes";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "deliveries_message_id_fkey";
            columns: ["message_id"];
            isOneToOne: false;
            referencedRelation: "messages";
            referencedColumns: ["id"];
          },
        ];
      };
      dictionaries: {
        Row: {
          activation_score: number;
          created_at: string;
          description: string;
          error: string | null;
          name: string;
          scoring: Database["public"]["Enums"]["dictionary_scoring"];
          updated_at: string;
        };
        ComputedFields: never;
        Insert: {
          activation_score?: number;
          created_at?: string;
          description?: string;
          error?: string | null;
          name: string;
          scoring?: Database["public"]["Enums"]["dictionary_scoring"];
          updated_at?: string;
        };
        Update: {
          activation_score?: number;
          created_at?: string;
          description?: string;
          error?: string | null;
          name?: string;
          scoring?: Database["public"]["Enums"]["dictionary_scoring"];
          updated_at?: string;
        };
        Relationships: [];
      };
      dictionary_entries: {
        Row: {
          dictionary: string;
          id: number;
          line: string;
        };
        ComputedFields: never;
        Insert: {
          dictionary: string;
          id?: never;
          line: string;
        };
        Update: {
          dictionary?: string;
          id?: never;
          line?: string;
        };
        Relationships: [
          {
            foreignKeyName: "dictionary_entries_dictionary_fkey";
            columns: ["dictionary"];
            isOneToOne: false;
            referencedRelation: "dictionaries";
            referencedColumns: ["name"];
          },
        ];
      };
      domains: {
        Row: {
          created_at: string;
          domain: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          domain: string;
        };
        Update: {
          created_at?: string;
          domain?: string;
        };
        Relationships: [];
      };
      group_members: {
        Row: {
          created_at: string;
          group_name: string;
          member: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          group_name: string;
          member: string;
        };
        Update: {
          created_at?: string;
          group_name?: string;
          member?: string;
        };
        Relationships: [
          {
            foreignKeyName: "group_members_group_name_fkey";
            columns: ["group_name"];
            isOneToOne: false;
            referencedRelation: "groups";
            referencedColumns: ["name"];
          },
        ];
      };
      groups: {
        Row: {
          created_at: string;
          description: string;
          name: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          description?: string;
          name: string;
        };
        Update: {
          created_at?: string;
          description?: string;
          name?: string;
        };
        Relationships: [];
      };
      held_mails: {
        Row: {
          attempts: number;
          claimed_until: string | null;
          component: string | null;
          content: string | null;
          created_at: string;
          decide_by: string;
          decided_at: string | null;
          decided_by: string | null;
          decision: Database["public"]["Enums"]["held_decision"] | null;
          due_at: string;
          envelope: NonNullable<Json>;
          finished_at: string | null;
          id: string;
          last_error: string | null;
          mail_mac: string;
          policy: string;
          recipients: string[];
          release_definition: string | null;
          review_message: string | null;
          score: number | null;
          sender: string;
          state: Database["public"]["Enums"]["held_state"];
          words: string | null;
        };
        ComputedFields: never;
        Insert: {
          attempts?: number;
          claimed_until?: string | null;
          component?: string | null;
          content?: string | null;
          created_at?: string;
          decide_by: string;
          decided_at?: string | null;
          decided_by?: string | null;
          decision?: Database["public"]["Enums"]["held_decision"] | null;
          due_at?: string;
          envelope: NonNullable<Json>;
          finished_at?: string | null;
          id: string;
          last_error?: string | null;
          mail_mac: string;
          policy: string;
          recipients: string[];
          release_definition?: string | null;
          review_message?: string | null;
          score?: number | null;
          sender: string;
          state?: Database["public"]["Enums"]["held_state"];
          words?: string | null;
        };
        Update: {
          attempts?: number;
          claimed_until?: string | null;
          component?: string | null;
          content?: string | null;
          created_at?: string;
          decide_by?: string;
          decided_at?: string | null;
          decided_by?: string | null;
          decision?: Database["public"]["Enums"]["held_decision"] | null;
          due_at?: string;
          envelope?: NonNullable<Json>;
          finished_at?: string | null;
          id?: string;
          last_error?: string | null;
          mail_mac?: string;
          policy?: string;
          recipients?: string[];
          release_definition?: string | null;
          review_message?: string | null;
          score?: number | null;
          sender?: string;
          state?: Database["public"]["Enums"]["held_state"];
          words?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "held_mails_review_message_fkey";
            columns: ["review_message"];
            isOneToOne: false;
            referencedRelation: "messages";
            referencedColumns: ["id"];
          },
        ];
      };
      mailbox_members: {
        Row: {
          account_id: string;
          created_at: string;
          key_version: number;
          mailbox_id: string;
          sealed_key: string;
        };
        ComputedFields: never;
        Insert: {
          account_id: string;
          created_at?: string;
          key_version?: number;
          mailbox_id: string;
          sealed_key: string;
        };
        Update: {
          account_id?: string;
          created_at?: string;
          key_version?: number;
          mailbox_id?: string;
          sealed_key?: string;
        };
        Relationships: [
          {
            foreignKeyName: "mailbox_members_account_id_fkey";
            columns: ["account_id"];
            isOneToOne: false;
            referencedRelation: "accounts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "mailbox_members_mailbox_id_fkey";
            columns: ["mailbox_id"];
            isOneToOne: false;
            referencedRelation: "mailboxes";
            referencedColumns: ["id"];
          },
        ];
      };
      mailboxes: {
        Row: {
          address: string;
          attestation: string;
          created_at: string;
          id: string;
          key_version: number;
          public_key: string;
        };
        ComputedFields: never;
        Insert: {
          address: string;
          attestation: string;
          created_at?: string;
          id: string;
          key_version?: number;
          public_key: string;
        };
        Update: {
          address?: string;
          attestation?: string;
          created_at?: string;
          id?: string;
          key_version?: number;
          public_key?: string;
        };
        Relationships: [];
      };
      message_contents: {
        Row: {
          body: string;
          header: string;
          message_id: string;
        };
        ComputedFields: never;
        Insert: {
          body: string;
          header: string;
          message_id: string;
        };
        Update: {
          body?: string;
          header?: string;
          message_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "message_contents_message_id_fkey";
            columns: ["message_id"];
            isOneToOne: true;
            referencedRelation: "messages";
            referencedColumns: ["id"];
          },
        ];
      };
      messages: {
        Row: {
          attachment_count: number;
          because: string;
          content_removed_at: string | null;
          controls: NonNullable<Json>;
          created_at: string;
          definition: string;
          expires_at: string | null;
          id: string;
          latest_expiry: string | null;
          mail_mac: string;
          message_id_mac: string | null;
          owner_account: string;
          owner_address: string;
          owner_name: string | null;
          recalled_at: string | null;
          signature: string;
          size_bytes: number;
          thread_id: string;
        };
        ComputedFields: never;
        Insert: {
          attachment_count: number;
          because: string;
          content_removed_at?: string | null;
          controls: NonNullable<Json>;
          created_at: string;
          definition: string;
          expires_at?: string | null;
          id: string;
          latest_expiry?: string | null;
          mail_mac: string;
          message_id_mac?: string | null;
          owner_account: string;
          owner_address: string;
          owner_name?: string | null;
          recalled_at?: string | null;
          signature: string;
          size_bytes: number;
          thread_id: string;
        };
        Update: {
          attachment_count?: number;
          because?: string;
          content_removed_at?: string | null;
          controls?: NonNullable<Json>;
          created_at?: string;
          definition?: string;
          expires_at?: string | null;
          id?: string;
          latest_expiry?: string | null;
          mail_mac?: string;
          message_id_mac?: string | null;
          owner_account?: string;
          owner_address?: string;
          owner_name?: string | null;
          recalled_at?: string | null;
          signature?: string;
          size_bytes?: number;
          thread_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "messages_owner_account_fkey";
            columns: ["owner_account"];
            isOneToOne: false;
            referencedRelation: "accounts";
            referencedColumns: ["id"];
          },
        ];
      };
      notices: {
        Row: {
          account_id: string | null;
          address: string;
          attempts: number;
          claimed_until: string | null;
          created_at: string;
          delivery_id: string | null;
          due_at: string;
          explained_at: string | null;
          id: string;
          kind: Database["public"]["Enums"]["notice_kind"];
          last_error: string | null;
          sent_at: string | null;
          state: Database["public"]["Enums"]["notice_state"];
          token: string;
        };
        ComputedFields: never;
        Insert: {
          account_id?: string | null;
          address: string;
          attempts?: number;
          claimed_until?: string | null;
          created_at?: string;
          delivery_id?: string | null;
          due_at?: string;
          explained_at?: string | null;
          id?: string;
          kind: Database["public"]["Enums"]["notice_kind"];
          last_error?: string | null;
          sent_at?: string | null;
          state?: Database["public"]["Enums"]["notice_state"];
          token?: string;
        };
        Update: {
          account_id?: string | null;
          address?: string;
          attempts?: number;
          claimed_until?: string | null;
          created_at?: string;
          delivery_id?: string | null;
          due_at?: string;
          explained_at?: string | null;
          id?: string;
          kind?: Database["public"]["Enums"]["notice_kind"];
          last_error?: string | null;
          sent_at?: string | null;
          state?: Database["public"]["Enums"]["notice_state"];
          token?: string;
        };
        Relationships: [
          {
            foreignKeyName: "notices_account_id_fkey";
            columns: ["account_id"];
            isOneToOne: false;
            referencedRelation: "accounts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "notices_delivery_id_fkey";
            columns: ["delivery_id"];
            isOneToOne: false;
            referencedRelation: "deliveries";
            referencedColumns: ["id"];
          },
        ];
      };
      policies: {
        Row: {
          action: Database["public"]["Enums"]["policy_action"];
          created_at: string;
          definition: string | null;
          description: string;
          dictionary: string | null;
          dry_run: boolean;
          enabled: boolean;
          error: string | null;
          except_from_kind: Database["public"]["Enums"]["policy_party"] | null;
          except_from_value: string | null;
          except_to_kind: Database["public"]["Enums"]["policy_party"] | null;
          except_to_value: string | null;
          from_kind: Database["public"]["Enums"]["policy_party"];
          from_part: Database["public"]["Enums"]["policy_part"];
          from_value: string | null;
          id: string;
          name: string;
          position: number;
          reviewers: string | null;
          source_range: unknown;
          tell_sender: string | null;
          to_kind: Database["public"]["Enums"]["policy_party"];
          to_part: Database["public"]["Enums"]["policy_part"];
          to_value: string | null;
          updated_at: string;
          valid_from: string | null;
          valid_until: string | null;
          when_confidential: boolean;
          when_encrypted: boolean;
          when_half_scanned: boolean;
          when_label: string | null;
          when_unscannable: boolean;
        };
        ComputedFields: never;
        Insert: {
          action?: Database["public"]["Enums"]["policy_action"];
          created_at?: string;
          definition?: string | null;
          description?: string;
          dictionary?: string | null;
          dry_run?: boolean;
          enabled?: boolean;
          error?: string | null;
          except_from_kind?: Database["public"]["Enums"]["policy_party"] | null;
          except_from_value?: string | null;
          except_to_kind?: Database["public"]["Enums"]["policy_party"] | null;
          except_to_value?: string | null;
          from_kind?: Database["public"]["Enums"]["policy_party"];
          from_part?: Database["public"]["Enums"]["policy_part"];
          from_value?: string | null;
          id?: string;
          name: string;
          position?: number;
          reviewers?: string | null;
          source_range?: unknown;
          tell_sender?: string | null;
          to_kind?: Database["public"]["Enums"]["policy_party"];
          to_part?: Database["public"]["Enums"]["policy_part"];
          to_value?: string | null;
          updated_at?: string;
          valid_from?: string | null;
          valid_until?: string | null;
          when_confidential?: boolean;
          when_encrypted?: boolean;
          when_half_scanned?: boolean;
          when_label?: string | null;
          when_unscannable?: boolean;
        };
        Update: {
          action?: Database["public"]["Enums"]["policy_action"];
          created_at?: string;
          definition?: string | null;
          description?: string;
          dictionary?: string | null;
          dry_run?: boolean;
          enabled?: boolean;
          error?: string | null;
          except_from_kind?: Database["public"]["Enums"]["policy_party"] | null;
          except_from_value?: string | null;
          except_to_kind?: Database["public"]["Enums"]["policy_party"] | null;
          except_to_value?: string | null;
          from_kind?: Database["public"]["Enums"]["policy_party"];
          from_part?: Database["public"]["Enums"]["policy_part"];
          from_value?: string | null;
          id?: string;
          name?: string;
          position?: number;
          reviewers?: string | null;
          source_range?: unknown;
          tell_sender?: string | null;
          to_kind?: Database["public"]["Enums"]["policy_party"];
          to_part?: Database["public"]["Enums"]["policy_part"];
          to_value?: string | null;
          updated_at?: string;
          valid_from?: string | null;
          valid_until?: string | null;
          when_confidential?: boolean;
          when_encrypted?: boolean;
          when_half_scanned?: boolean;
          when_label?: string | null;
          when_unscannable?: boolean;
        };
        Relationships: [
          {
            foreignKeyName: "policies_definition_fkey";
            columns: ["definition"];
            isOneToOne: false;
            referencedRelation: "definitions";
            referencedColumns: ["name"];
          },
          {
            foreignKeyName: "policies_dictionary_fkey";
            columns: ["dictionary"];
            isOneToOne: false;
            referencedRelation: "dictionaries";
            referencedColumns: ["name"];
          },
          {
            foreignKeyName: "policies_reviewers_fkey";
            columns: ["reviewers"];
            isOneToOne: false;
            referencedRelation: "groups";
            referencedColumns: ["name"];
          },
        ];
      };
      portal_mail: {
        Row: {
          account_id: string;
          attempts: number;
          claimed_until: string | null;
          created_at: string;
          due_at: string;
          error: string | null;
          finished_at: string | null;
          id: string;
          key_version: number;
          last_error: string | null;
          mail_mac: string | null;
          message_id: string | null;
          own_copy: string | null;
          parcel: string | null;
          state: Database["public"]["Enums"]["portal_mail_state"];
        };
        ComputedFields: never;
        Insert: {
          account_id: string;
          attempts?: number;
          claimed_until?: string | null;
          created_at?: string;
          due_at?: string;
          error?: string | null;
          finished_at?: string | null;
          id: string;
          key_version: number;
          last_error?: string | null;
          mail_mac?: string | null;
          message_id?: string | null;
          own_copy?: string | null;
          parcel?: string | null;
          state?: Database["public"]["Enums"]["portal_mail_state"];
        };
        Update: {
          account_id?: string;
          attempts?: number;
          claimed_until?: string | null;
          created_at?: string;
          due_at?: string;
          error?: string | null;
          finished_at?: string | null;
          id?: string;
          key_version?: number;
          last_error?: string | null;
          mail_mac?: string | null;
          message_id?: string | null;
          own_copy?: string | null;
          parcel?: string | null;
          state?: Database["public"]["Enums"]["portal_mail_state"];
        };
        Relationships: [
          {
            foreignKeyName: "portal_mail_account_id_fkey";
            columns: ["account_id"];
            isOneToOne: false;
            referencedRelation: "accounts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "portal_mail_message_id_fkey";
            columns: ["message_id"];
            isOneToOne: false;
            referencedRelation: "messages";
            referencedColumns: ["id"];
          },
        ];
      };
      receipts: {
        Row: {
          account_id: string | null;
          delivery_id: string;
          id: string;
          kind: Database["public"]["Enums"]["receipt_kind"];
          message_id: string;
          occurred_at: string;
          opening_id: string | null;
          reported_at: string;
        };
        ComputedFields: never;
        Insert: {
          account_id?: string | null;
          delivery_id: string;
          id?: string;
          kind: Database["public"]["Enums"]["receipt_kind"];
          message_id: string;
          occurred_at?: string;
          opening_id?: string | null;
          reported_at?: string;
        };
        Update: {
          account_id?: string | null;
          delivery_id?: string;
          id?: string;
          kind?: Database["public"]["Enums"]["receipt_kind"];
          message_id?: string;
          occurred_at?: string;
          opening_id?: string | null;
          reported_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "receipts_account_id_fkey";
            columns: ["account_id"];
            isOneToOne: false;
            referencedRelation: "accounts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "receipts_delivery_id_fkey";
            columns: ["delivery_id"];
            isOneToOne: false;
            referencedRelation: "deliveries";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "receipts_message_id_fkey";
            columns: ["message_id"];
            isOneToOne: false;
            referencedRelation: "messages";
            referencedColumns: ["id"];
          },
        ];
      };
      relay_jobs: {
        Row: {
          attempts: number;
          claimed_until: string | null;
          content: string | null;
          created_at: string;
          due_at: string;
          finished_at: string | null;
          id: string;
          last_error: string | null;
          mail_mac: string;
          message_id: string | null;
          recipients: string[];
          sender: string;
          state: Database["public"]["Enums"]["relay_state"];
        };
        ComputedFields: never;
        Insert: {
          attempts?: number;
          claimed_until?: string | null;
          content?: string | null;
          created_at?: string;
          due_at?: string;
          finished_at?: string | null;
          id: string;
          last_error?: string | null;
          mail_mac: string;
          message_id?: string | null;
          recipients: string[];
          sender: string;
          state?: Database["public"]["Enums"]["relay_state"];
        };
        Update: {
          attempts?: number;
          claimed_until?: string | null;
          content?: string | null;
          created_at?: string;
          due_at?: string;
          finished_at?: string | null;
          id?: string;
          last_error?: string | null;
          mail_mac?: string;
          message_id?: string | null;
          recipients?: string[];
          sender?: string;
          state?: Database["public"]["Enums"]["relay_state"];
        };
        Relationships: [
          {
            foreignKeyName: "relay_jobs_message_id_fkey";
            columns: ["message_id"];
            isOneToOne: false;
            referencedRelation: "messages";
            referencedColumns: ["id"];
          },
        ];
      };
      settings: {
        Row: {
          confidential_definition: string | null;
          default_definition: string;
          inline_attachment_bytes: number;
          maximum_life: string | null;
          only_row: boolean;
          organisation_name: string;
          portal_mails_an_hour: number;
          portal_upload_quota: number;
          recall_window: string;
          review_time: string;
          temporary_password_life: string;
          updated_at: string;
        };
        ComputedFields: never;
        Insert: {
          confidential_definition?: string | null;
          default_definition?: string;
          inline_attachment_bytes?: number;
          maximum_life?: string | null;
          only_row?: boolean;
          organisation_name?: string;
          portal_mails_an_hour?: number;
          portal_upload_quota?: number;
          recall_window?: string;
          review_time?: string;
          temporary_password_life?: string;
          updated_at?: string;
        };
        Update: {
          confidential_definition?: string | null;
          default_definition?: string;
          inline_attachment_bytes?: number;
          maximum_life?: string | null;
          only_row?: boolean;
          organisation_name?: string;
          portal_mails_an_hour?: number;
          portal_upload_quota?: number;
          recall_window?: string;
          review_time?: string;
          temporary_password_life?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "settings_confidential_definition_fkey";
            columns: ["confidential_definition"];
            isOneToOne: false;
            referencedRelation: "definitions";
            referencedColumns: ["name"];
          },
          {
            foreignKeyName: "settings_default_definition_fkey";
            columns: ["default_definition"];
            isOneToOne: false;
            referencedRelation: "definitions";
            referencedColumns: ["name"];
          },
        ];
      };
      smtp_credentials: {
        Row: {
          allowed_addresses: string[];
          created_at: string;
          description: string;
          enabled: boolean;
          id: string;
          login: string;
          password_hash: string;
        };
        ComputedFields: never;
        Insert: {
          allowed_addresses: string[];
          created_at?: string;
          description?: string;
          enabled?: boolean;
          id?: string;
          login: string;
          password_hash: string;
        };
        Update: {
          allowed_addresses?: string[];
          created_at?: string;
          description?: string;
          enabled?: boolean;
          id?: string;
          login?: string;
          password_hash?: string;
        };
        Relationships: [];
      };
      verdicts: {
        Row: {
          at: string;
          because: string;
          component: string | null;
          dry_run: boolean;
          id: string;
          message_id: string | null;
          policy: string | null;
          recipients: string[];
          score: number | null;
          sender: string;
          verdict: Database["public"]["Enums"]["verdict_kind"];
        };
        ComputedFields: never;
        Insert: {
          at?: string;
          because: string;
          component?: string | null;
          dry_run?: boolean;
          id?: string;
          message_id?: string | null;
          policy?: string | null;
          recipients: string[];
          score?: number | null;
          sender: string;
          verdict: Database["public"]["Enums"]["verdict_kind"];
        };
        Update: {
          at?: string;
          because?: string;
          component?: string | null;
          dry_run?: boolean;
          id?: string;
          message_id?: string | null;
          policy?: string | null;
          recipients?: string[];
          score?: number | null;
          sender?: string;
          verdict?: Database["public"]["Enums"]["verdict_kind"];
        };
        Relationships: [
          {
            foreignKeyName: "verdicts_message_id_fkey";
            columns: ["message_id"];
            isOneToOne: false;
            referencedRelation: "messages";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Views: {
      message_log: {
        Row: {
          at: string | null;
          attachment_count: number | null;
          because: string | null;
          bounced_at: string | null;
          channel: Database["public"]["Enums"]["delivery_channel"] | null;
          component: string | null;
          content_removed_at: string | null;
          definition: string | null;
          delivered_at: string | null;
          dry_run: boolean | null;
          expires_at: string | null;
          first_opened_at: string | null;
          kind: Database["public"]["Enums"]["delivery_kind"] | null;
          last_opened_at: string | null;
          message_id: string | null;
          notified_at: string | null;
          open_count: number | null;
          policy: string | null;
          recalled_at: string | null;
          recipient: string | null;
          score: number | null;
          sender: string | null;
          size_bytes: number | null;
          stored_at: string | null;
          verdict: Database["public"]["Enums"]["verdict_kind"] | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
    };
    Functions: {
      account_for_password: { Args: { p_account: string }; Returns: Json };
      add_pending_wrap: {
        Args: { p_account: string; p_purpose: string; p_wrapped_key: string };
        Returns: string;
      };
      attachment_data: { Args: { p_attachment_id: string }; Returns: string };
      begin_sign_in: { Args: { p_address_mac: string; p_network_mac: string }; Returns: number };
      claim_invites: { Args: { p_most: number }; Returns: Json };
      claim_notices: { Args: { p_most: number }; Returns: Json };
      decide_held: {
        Args: {
          p_decision: Database["public"]["Enums"]["held_decision"];
          p_delivery_id: string;
          p_words?: string;
        };
        Returns: Json;
      };
      drop_portal_uploads: { Args: { p_part?: number; p_portal_mail_id: string }; Returns: number };
      finish_notice: {
        Args: { p_error?: string; p_id: string; p_outcome: string; p_retry_seconds?: number };
        Returns: undefined;
      };
      finish_sign_in: {
        Args: { p_account: string; p_address_mac: string; p_network_mac?: string; p_session: string };
        Returns: boolean;
      };
      get_message: { Args: { p_delivery_id: string }; Returns: Json[] };
      held_mail: { Args: { p_delivery_id: string }; Returns: Json };
      list_messages: {
        Args: { p_before_at?: string; p_before_id?: string; p_folder: string; p_limit?: number };
        Returns: Json[];
      };
      my_account: { Args: Record<PropertyKey, never>; Returns: Json };
      my_correspondents: { Args: Record<PropertyKey, never>; Returns: Json[] };
      my_mailboxes: { Args: Record<PropertyKey, never>; Returns: Json };
      my_portal_limits: { Args: Record<PropertyKey, never>; Returns: Json };
      my_portal_mail: { Args: Record<PropertyKey, never>; Returns: Json[] };
      objects_swept: { Args: { p_names: string[] }; Returns: number };
      objects_to_sweep: { Args: { p_most: number }; Returns: string[] };
      open_message: { Args: { p_delivery_id: string; p_opening_id: string }; Returns: Json };
      reserve_portal_upload: {
        Args: { p_cipher_bytes: number; p_part: number; p_piece: number; p_portal_mail_id: string };
        Returns: Json;
      };
      send_portal_mail: {
        Args: {
          p_id: string;
          p_key_version: number;
          p_objects: string[];
          p_own_copy: string;
          p_parcel: string;
        };
        Returns: Json;
      };
      sent_recipients: { Args: { p_message_id: string }; Returns: Json[] };
      set_read: { Args: { p_delivery_ids: string[]; p_read: boolean }; Returns: number };
      withdraw_portal_mail: { Args: { p_id: string }; Returns: boolean };
    };
    Enums: {
      account_kind: "internal" | "external";
      account_status: "invited" | "active" | "suspended" | "removed";
      delivery_channel: "sealed" | "mail";
      delivery_folder: "inbox" | "sent" | "deleted";
      delivery_kind: "to" | "cc" | "bcc" | "sender" | "review";
      dictionary_scoring: "each component" | "summed";
      held_decision: "release" | "refuse";
      held_state: "waiting" | "released" | "refused" | "returned";
      notice_kind: "message" | "temporary_password";
      notice_state: "due" | "sent" | "failed" | "bounced";
      policy_action: "secure" | "relay" | "hold" | "refuse";
      policy_part: "envelope" | "header" | "both";
      policy_party: "anybody" | "internal" | "external" | "address" | "domain" | "group";
      portal_mail_state: "sending" | "sent" | "refused" | "held";
      receipt_kind: "notified" | "bounced" | "delivered" | "opened";
      relay_state: "due" | "done" | "failed";
      verdict_kind: "secured" | "held" | "refused" | "relayed";
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R;
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R;
      }
      ? R
      : never
    : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I;
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I;
      }
      ? I
      : never
    : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U;
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U;
      }
      ? U
      : never
    : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never;

export const Constants = {
  public: {
    Enums: {
      account_kind: ["internal", "external"],
      account_status: ["invited", "active", "suspended", "removed"],
      delivery_channel: ["sealed", "mail"],
      delivery_folder: ["inbox", "sent", "deleted"],
      delivery_kind: ["to", "cc", "bcc", "sender", "review"],
      dictionary_scoring: ["each component", "summed"],
      held_decision: ["release", "refuse"],
      held_state: ["waiting", "released", "refused", "returned"],
      notice_kind: ["message", "temporary_password"],
      notice_state: ["due", "sent", "failed", "bounced"],
      policy_action: ["secure", "relay", "hold", "refuse"],
      policy_part: ["envelope", "header", "both"],
      policy_party: ["anybody", "internal", "external", "address", "domain", "group"],
      portal_mail_state: ["sending", "sent", "refused", "held"],
      receipt_kind: ["notified", "bounced", "delivered", "opened"],
      relay_state: ["due", "done", "failed"],
      verdict_kind: ["secured", "held", "refused", "relayed"],
    },
  },
} as const;
